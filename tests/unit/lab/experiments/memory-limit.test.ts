import { expect, test } from '@jest/globals'
import type { OomCause } from '#cgroup/oom-cause.ts'
import { memoryLimit } from '#lab/experiments/memory-limit.ts'
import { containerOf, forget, judged, recordedRun, refuted, type RecordedRun } from '../support/recorded.ts'

type Facts = Parameters<typeof memoryLimit.judge>[1]
const run = (name = 'memory-limit.v1'): RecordedRun<Facts> => recordedRun(name)
const ownLimit = 'the kernel kills because of the worker\'s own limit'

/** As the lab describes the kill now. */
function killedBy (cause: OomCause) {
  return ({ recording }: RecordedRun<Facts>) => {
    for (const event of recording.events) {
      if (event.oom) Object.assign(event, { text: 'killed', oom: { ...event.oom, cause } })
    }
  }
}

function onV2 (cause: OomCause) {
  return (run: RecordedRun<Facts>) => {
    run.recording.cgroupVersion = 'v2'
    killedBy(cause)(run)
  }
}

test('a job beyond the limit that was killed by the kernel holds, and the verdict cites file and count', () => {
  const { outcome, checks, summary } = judged(memoryLimit, run())
  expect(outcome).toBe('holds')
  expect(checks[0]).toEqual({ claim: 'the kernel killed a process in the worker', source: 'worker: memory.oom_control oom_kill', saw: '+1', holds: true })
  expect(summary).toContain('256 MiB')
})

test('a worker that has 4 GiB does not hold: the job got what it wanted', () => {
  const verdict = judged(memoryLimit, run('memory-limit.unlimited.v1'))
  expect(verdict.outcome).toBe('does_not_hold')
  expect(verdict.summary).toBe('The job of 512 MiB succeeded: the worker\'s limit is 4096 MiB.')
  expect(refuted(verdict)).toContain('the kernel killed a process in the worker')
})

test('on cgroup v1, where the reason of a kill is not counted, nothing is claimed about it', () => {
  expect(judged(memoryLimit, run(), killedBy('not_counted')).checks.map(({ claim }) => claim)).not.toContain(ownLimit)
})

test('where the kernel counts that it was the worker\'s own limit, the verdict cites the count', () => {
  const { outcome, checks } = judged(memoryLimit, run(), onV2('own_limit'))
  expect(outcome).toBe('holds')
  expect(checks).toContainEqual({ claim: ownLimit, source: 'worker: memory.events oom', saw: 'killed', holds: true })
})

test('a kill for another limit than the worker\'s does not hold, though its peak is at its own', () => {
  const verdict = judged(memoryLimit, run(), onV2('not_own_limit'))
  expect(refuted(verdict)).toEqual([ownLimit])
  expect(verdict.summary).toBe('The kernel killed the job\'s process; it is not shown that the worker\'s own limit, 256 MiB, was the reason.')
})

test('where the kernel keeps no peak, the count of how often the limit was met shows that it was, however low usage was when it was read', () => {
  const { outcome, checks, summary } = judged(memoryLimit, run(), run => {
    onV2('own_limit')(run)
    forget(run, 'worker', 'peakBytes')
    const { series } = containerOf(run, 'worker')
    series.memoryBytes = series.memoryBytes.map(() => 60 * 2 ** 20)
    series.memoryLimitHits.fill(18, -3)
  })
  expect(outcome).toBe('holds')
  expect(checks[1]).toEqual({
    claim: 'memory went up to the limit, and not beyond', source: 'worker: memory.events max', saw: '+18, peak seen 60 MiB of 256 MiB', holds: true
  })
  expect(summary).toContain('when the worker\'s memory reached 256 MiB')
})

test('a neighbour that was restarted meanwhile does not hold', () => {
  const verdict = judged(memoryLimit, run(), run => { containerOf(run, 'redis').life.fill(1, -3) })
  expect(refuted(verdict)).toEqual(['no other service is restarted'])
})

test('a kill in a neighbour does not hold', () => {
  const verdict = judged(memoryLimit, run(), run => { containerOf(run, 'api').series.oomKill.fill(1, -3) })
  expect(refuted(verdict)).toEqual(['no process is killed in the other services'])
})

test('where the kernel does not count kills it is not measured', () => {
  expect(judged(memoryLimit, run(), run => forget(run, 'worker', 'oomKill')).outcome).toBe('not_measured')
})
