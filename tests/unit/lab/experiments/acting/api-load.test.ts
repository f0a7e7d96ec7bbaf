import { expect, test } from '@jest/globals'
import { cpuMsPerRequest, loadApi, median, medianP99Ms } from '#lab/experiments/acting/api-load.ts'
import { NotMeasured, Stage } from '#lab/experiments/acting/stage.ts'
import { Evidence } from '#lab/experiments/judging/evidence.ts'
import type { LoadSpec } from '#lab/wire/load.ts'
import { apiLoad } from '../../support/api-loads.ts'
import { limitsStay } from '../../support/fakes.ts'
import { containerWith, recordingOf } from '../../support/recordings.ts'

const MS_PER_REQUEST = 6

/** A stack whose API uses 6 ms for each request, and is read once for each question when it was read last. */
function setUp ({ isRead = true, status = 200 } = {}) {
  let [requests, readings] = [0, 0]
  const cpuUsageUs: number[] = []
  const specs: LoadSpec[] = []
  const ask = async () => ({ status, headers: {}, text: JSON.stringify({ requests: ++requests }) })
  const peer = { ask, json: async () => null }
  const lastReadSeconds = () => {
    cpuUsageUs.push(requests * MS_PER_REQUEST * 1000)
    return readings++
  }
  const seconds = () => readings - 0.5
  const evidence = () => {
    const api = { ...containerWith({ cpuUsageUs: isRead ? cpuUsageUs : cpuUsageUs.map(() => null) }), service: 'api' }
    return new Evidence({ ...recordingOf(api), phases: [{ name: 'action', fromSeconds: 0, toSeconds: seconds() }] })
  }
  const loads = {
    run: async (spec: LoadSpec) => {
      specs.push(spec)
      readings++
      return apiLoad().summary
    }
  }
  const run = { evidence, seconds, lastReadSeconds, say: () => {}, signal: new AbortController().signal }
  const rest = { ...limitsStay, whoami: '/nowhere', missing: [] }
  const stage = new Stage({ peers: { api: peer, worker: peer }, loads, ...rest, ...run })
  return { specs, stage }
}

test('the CPU time of one request is what the API used for many, one after the other', async () => {
  expect(await cpuMsPerRequest(setUp().stage, '/work')).toBe(MS_PER_REQUEST)
})

test.each([
  ['whose CPU time cannot be read', { isRead: false }, 'cannot be read'],
  ['that refuses the requests', { status: 404 }, 'refuses /work']
])('the CPU time of a request to an API %s is not measured', async (_case, given, reason) => {
  const measuring = cpuMsPerRequest(setUp(given).stage, '/work')
  await expect(measuring).rejects.toThrow(NotMeasured)
  await expect(measuring).rejects.toThrow(reason)
})

test('a load on the API goes in steps of one duration, and comes with the time when it ran', async () => {
  const { stage, specs } = setUp()
  const {
    window: [from, to],
    ratesPerSecond
  } = await loadApi(stage, '/work', [10, 20], 6)
  expect(specs).toEqual([
    expect.objectContaining({
      service: 'api',
      method: 'GET',
      path: '/work',
      ratesPerSecond: [10, 20],
      durationSeconds: 6
    })
  ])
  expect(ratesPerSecond).toEqual([10, 20])
  expect(to).toBeGreaterThan(from)
})

test('the p99 of a load is the middle one of its steps', () => {
  expect(medianP99Ms(apiLoad({ stepsP99Ms: [30, 900, 20] }))).toBe(30)
})

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[1, null, 3], null],
  [[], null]
])('the median of %p is %p', (values, middle) => {
  expect(median(values)).toBe(middle)
})
