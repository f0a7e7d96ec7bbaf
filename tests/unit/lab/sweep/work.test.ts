import { describe, expect, test } from '@jest/globals'
import { jobsDone, type TimedJob } from '#lab/sweep/jobs-done.ts'
import { JobWork, RequestWork, requestsDone } from '#lab/sweep/work.ts'
import type { LoadSpec } from '#lab/wire/load.ts'
import type { SweepSpec } from '#lab/wire/sweep.ts'
import { figuresOf, latencyOf, summaryOf } from '../support/load-figures.ts'
import { requestSpec } from '../support/trials.ts'

const { signal } = new AbortController()

function jobThatTook (ms: number, status: TimedJob['status'] = 'succeeded'): TimedJob {
  const [createdAt, finishedAt] = [0, ms].map(ms => new Date(ms).toISOString()) as [string, string]
  const job = { id: 'a', kind: 'noop' as const, attempts: 1, usage: null, result: null, error: null }
  return { ...job, status, createdAt, finishedAt }
}

describe('requests', () => {
  test('are a load of two halves at the same rate, which gives up after four times the goal', async () => {
    const asked: LoadSpec[] = []
    const loads = { run: async (spec: LoadSpec) => { asked.push(spec); return summaryOf() } }
    await new RequestWork(requestSpec, requestSpec.work as never, loads).run(8, signal)
    expect(asked).toEqual([{
      service: 'api',
      method: 'GET',
      path: '/work/cpu?ms=5',
      ratesPerSecond: [40, 40],
      durationSeconds: 8,
      connections: 100,
      timeoutSeconds: 2
    }])
  })

  test('have the latency of all, and the median of either half', () => {
    const step = (p50Ms: number) => ({ ratePerSecond: 40, ...figuresOf({ latency: latencyOf({ p50Ms }) }) })
    expect(requestsDone(summaryOf({ steps: [step(7), step(90)] })))
      .toEqual({ seconds: 20, due: 1000, failed: 0, p50Ms: 7.25, p99Ms: 498.2, halvesP50Ms: [7, 90], doubt: null })
  })

  test('of a generator that made the latency itself are in doubt, in its words', () => {
    const { generator } = summaryOf()
    const late = { ...generator, keptPace: false, lateness: latencyOf({ p99Ms: 400 }), text: 'It was late.' }
    expect(requestsDone(summaryOf({ generator: late })).doubt).toBe('It was late.')
  })
})

describe('jobs', () => {
  test('have their wait and their run time, and the median of either half', () => {
    const jobs = [10, 20, 30, 40, 500, 60].map(ms => jobThatTook(ms))
    expect(jobsDone(jobs, 0, 8)).toEqual({
      seconds: 8, due: 6, failed: 0, p50Ms: 30, p99Ms: 500, halvesP50Ms: [20, 60], doubt: null
    })
  })

  test('that failed, had no end or were not accepted have failed', () => {
    const jobs = [jobThatTook(10), jobThatTook(20, 'failed'), null]
    expect(jobsDone(jobs, 2, 8)).toMatchObject({ due: 5, failed: 4 })
  })

  test('that had no end were the slowest: how slow is not known', () => {
    expect(jobsDone([jobThatTook(10), jobThatTook(20), null], 0, 8)).toMatchObject({ p50Ms: 20, p99Ms: null })
  })

  test('of which there are none have no latency', () => {
    expect(jobsDone([], 0, 8)).toMatchObject({ due: 0, p99Ms: null, halvesP50Ms: [null, null] })
  })

  test('are posted at their rate, waited for, and taken back if they had no end', async () => {
    const happened: string[] = []
    const spec: SweepSpec = { ...requestSpec, service: 'worker', ratePerSecond: 100 }
    const stage = {
      offer: async () => { happened.push('offer'); return 'a' },
      endings: async (ids: string[]) => { happened.push('endings'); return ids.map(() => jobThatTook(5)) },
      putBack: async () => { happened.push('put back') }
    }
    const { due, failed } = await new JobWork(spec, { kind: 'noop', params: {} }, () => stage).run(0.1, signal)
    expect([due > 1, failed]).toEqual([true, 0])
    expect([...new Set(happened)]).toEqual(['offer', 'endings', 'put back'])
  })
})
