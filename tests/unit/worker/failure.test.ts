import { expect, test } from '@jest/globals'
import { oomBetween } from '#cgroup/oom-cause.ts'
import type { FailureCode } from '#shared/jobs/job.ts'
import { readingOf } from '#support/readings.ts'
import { explainDeath, type ProcessDeath } from '#worker/failure.ts'

type Given = Partial<ProcessDeath> & { oomKills?: number | null }

/** `oomKills`: how far `oom_kill` rose, and `oom` with it. */
function death ({ oomKills = 0, ...given }: Given): ProcessDeath {
  const events = (count: number | null) => readingOf({ memory: { events: { oom: count, oomKill: count } } })
  const oom = oomBetween(events(0), events(oomKills))
  return {
    exitCode: null,
    signal: null,
    lastWords: '',
    oom,
    peak: { bytes: null, from: null },
    stoppedBy: null,
    ...given
  }
}

const heapWords = '<--- Last few GCs --->\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n----- Native stack trace -----\n'

test.each<[string, FailureCode, Given]>([
  ['SIGKILL while oom_kill rose', 'oom_killed', { signal: 'SIGKILL', oomKills: 1 }],
  ['SIGKILL while oom_kill rose by several', 'oom_killed', { signal: 'SIGKILL', oomKills: 3 }],
  ['SIGKILL while oom_kill stood still', 'crashed', { signal: 'SIGKILL', oomKills: 0 }],
  ['SIGKILL where the kernel does not count', 'crashed', { signal: 'SIGKILL', oomKills: null }],
  ['exit code 137 alone', 'crashed', { exitCode: 137 }],
  ['exit code 137 while oom_kill rose: some other process was killed', 'crashed', { exitCode: 137, oomKills: 1 }],
  ['SIGSEGV while oom_kill rose', 'crashed', { signal: 'SIGSEGV', oomKills: 1 }],
  ['SIGABRT after V8 gave up', 'heap_exhausted', { signal: 'SIGABRT', lastWords: heapWords }],
  ['exit code 134 after V8 gave up', 'heap_exhausted', { exitCode: 134, lastWords: heapWords }],
  ['V8 giving up while the kernel killed', 'oom_killed', { signal: 'SIGKILL', oomKills: 1, lastWords: heapWords }],
  ['SIGABRT without a word of the heap', 'crashed', { signal: 'SIGABRT', lastWords: 'FATAL ERROR: something else' }],
  ['an exit with 1', 'crashed', { exitCode: 1 }],
  ['an exit with 0', 'crashed', { exitCode: 0 }],
  ['SIGKILL by the worker, for time', 'timeout', { signal: 'SIGKILL', stoppedBy: 'timeout' }],
  ['SIGKILL by the worker, for time, while oom_kill rose', 'timeout', { signal: 'SIGKILL', oomKills: 1, stoppedBy: 'timeout' }],
  ['SIGKILL by the worker, on request', 'cancelled', { signal: 'SIGKILL', stoppedBy: 'cancelled' }]
])('death by %s is %s', (_case, code, given) => {
  expect(explainDeath(death(given)).code).toBe(code)
})

test('an out-of-memory kill says by how much oom_kill rose', () => {
  expect(explainDeath(death({ signal: 'SIGKILL', oomKills: 2 })).message).toContain('(oom_kill +2, oom +2)')
})

test('a heap that V8 gave up is explained in V8\'s words', () => {
  expect(explainDeath(death({ signal: 'SIGABRT', lastWords: heapWords })).message)
    .toContain('("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory")')
})

test.each<[string, Partial<ProcessDeath>, string]>([
  ['a signal', { signal: 'SIGSEGV' }, "the job's process was ended by SIGSEGV"],
  ['an exit code', { exitCode: 3 }, "the job's process exited with code 3"],
  ['last words', { exitCode: 1, lastWords: 'Error: a\n  at b\nNode.js v20\n\n' }, "the job's process exited with code 1; it last wrote: Node.js v20"]
])('a crash with %s says so', (_case, given, message) => {
  expect(explainDeath(death(given)).message).toBe(message)
})

test.each(['', 'JavaScript heap out of memory'])('last words that are very long are cut: %s', words => {
  expect(explainDeath(death({ exitCode: 1, lastWords: words + 'x'.repeat(8000) })).message.length).toBeLessThan(500)
})

test.each([
  ['a NUL, which Postgres refuses in JSON', 'a\u0000b'],
  ['half a character, which Postgres refuses in JSON', `${'x'.repeat(299)}\u{1f600}`]
])('last words with %s can be recorded', (_case, lastWords) => {
  const { message } = explainDeath(death({ exitCode: 1, lastWords }))
  expect(Buffer.from(message).toString()).toBe(message)
  expect(message).not.toContain('\u0000')
})
