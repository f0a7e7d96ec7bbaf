import { expect, test } from '@jest/globals'
import { evidenceWords, isUnfinished, jobWords, offers, queueWords } from '#lab/web/live/job-words.ts'
import { jobKinds } from '#shared/jobs/job.ts'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const usage = {
  wallMs: 4020,
  cpuSeconds: 2.01,
  throttledSeconds: 1.5,
  peakMemoryBytes: 142 * 1024 ** 2,
  peakMemoryFrom: 'kernel' as const
}

/** Kinds of jobs that only experiments need. */
const withoutButton = ['probe']

test('there is a button for every kind of job that shows a limit', () => {
  const shown = jobKinds.filter(kind => !withoutButton.includes(kind))
  expect(new Set(offers.map(({ request }) => request.kind))).toEqual(new Set(shown))
})

test.each(offers.map(({ request }) => [jobWords(request), request.kind] as const))(
  '%s names its kind',
  (words, kind) => {
    expect(words.startsWith(kind)).toBe(true)
  }
)

test('threads are shown if there are several', () => {
  expect(jobWords({ kind: 'cpu', params: { ms: 1500, threads: 4 } })).toBe('cpu 1500 ms × 4 threads')
  expect(jobWords({ kind: 'cpu', params: { ms: 2000, threads: 1 } })).toBe('cpu 2 s')
})

test('it is shown where memory is asked for: in the heap, under which ceiling, in a tmpfs', () => {
  expect(jobWords({ kind: 'memory', params: { mib: 768, holdMs: 0, heap: true, heapMib: 64 } })).toBe('memory 768 MiB in the heap, ceiling 64 MiB')
  expect(jobWords({ kind: 'file', params: { mib: 512, tmpfsMib: 96 } })).toBe('file 512 MiB, 96 MiB in a tmpfs')
})

test('evidence of a success is what its container used', () => {
  expect(plain(evidenceWords({ status: 'succeeded', attempts: 1, error: null, usage, params: { ms: 2000, threads: 1 }, result: { cpuMs: 2000, threads: 1 } }))).toBe('took 4.02 s · CPU 2.01 s · throttled 1.50 s · peak 142 MiB')
})

test('a peak known only from samples is called a peak that was seen', () => {
  expect(plain(evidenceWords({ status: 'succeeded', attempts: 1, error: null, usage: { ...usage, peakMemoryFrom: 'samples' }, params: {}, result: null })))
    .toMatch(/ · peak seen 142\sMiB$/)
})

test('evidence of a failure begins with its code, and leaves out what the kernel does not report', () => {
  const words = evidenceWords({ status: 'failed', attempts: 2, params: { mib: 512, holdMs: 0, heap: false }, result: null, error: { code: 'oom_killed', message: 'oom_kill rose by 1' }, usage: { wallMs: 900, cpuSeconds: null, throttledSeconds: 0, peakMemoryBytes: null, peakMemoryFrom: null } })
  expect(plain(words)).toBe('oom_killed: oom_kill rose by 1 · attempt 2 · took 0.90 s · not throttled')
})

test('what a job did beyond what it was asked is evidence', () => {
  expect(evidenceWords({ status: 'succeeded', attempts: 1, error: null, usage: null, params: { count: 200, holdMs: 3000 }, result: { count: 200, started: 109, refused: 91 } })).toBe('started 109 · refused 91')
})

test('a job that did not start yet has no evidence but its waiting', () => {
  expect(evidenceWords({ status: 'queued', attempts: 0, error: null, usage: null, params: {}, result: null })).toBe('waiting for the worker')
})

test('only unfinished jobs can be cancelled', () => {
  expect(
    (['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const).map(status => isUnfinished({ status }))
  ).toEqual([true, true, false, false, false])
})

test('an unknown queue is not an empty one', () => {
  expect([queueWords(null), queueWords({ waiting: 0, active: 1 })]).toEqual(['queue not known', '0 waiting, 1 running'])
})
