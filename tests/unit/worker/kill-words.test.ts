import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { oomBetween } from '#cgroup/oom-cause.ts'
import { readingOf } from '#support/readings.ts'
import { explainDeath } from '#worker/failure.ts'
import { Meter } from '#worker/meter.ts'

const MIB = 2 ** 20

type Given = Parameters<typeof readingOf>[0]

/** How a job's death is explained whose container was read so before and after it. */
function messageOf (before: Given, after: Given): string {
  const readings = [readingOf(before), readingOf(after)]
  const meter = new Meter(() => readings.shift() ?? readingOf(after))
  const { usage, oom } = meter.stop()
  const peak = { bytes: usage.peakMemoryBytes, from: usage.peakMemoryFrom }
  const error = explainDeath({ exitCode: null, signal: 'SIGKILL', lastWords: '', oom, peak, stoppedBy: null })
  expect(error.code).toBe('oom_killed')
  return error.message
}

test('case 08: a job that was killed for a limit above says that its own was not reached', () => {
  const { before, after, limits } = JSON.parse(readFileSync(new URL('../../fixtures/cases/08-killed-from-above/counters.json', import.meta.url), 'utf8')) as {
    before: Counters, after: Counters, limits: { own: number }
  }
  const given = ({ oomKill, ...memory }: Counters): Given => ({
    version: 'v1',
    limits: { memoryMaxBytes: limits.own },
    memory: { ...memory, events: { oomKill } }
  })
  expect(messageOf(given(before), given(after))).toBe(
    "the kernel's OOM killer ended the job's process (oom_kill +1) at 315 MiB; the container's own limit, 4 GiB, was not reached: a limit above it, or the machine, ran out"
  )
})

interface Counters { oomKill: number, currentBytes: number, peakBytes: number }

const limits = { memoryMaxBytes: 256 * MIB }

test.each<[string, Given, Given, string]>([
  ['for its own limit',
    { limits, memory: { peakBytes: 60 * MIB, events: { oom: 0, oomKill: 0 } } },
    { limits, memory: { peakBytes: 256 * MIB, events: { oom: 1, oomKill: 1 } } },
    '(oom_kill +1, oom +1) at 256 MiB; the container reached its own memory limit, 256 MiB'],
  ['for its own limit, where the kernel keeps no peak',
    { limits, memory: { currentBytes: 40 * MIB, events: { oom: 0, oomKill: 0 } } },
    { limits, memory: { currentBytes: 60 * MIB, events: { oom: 1, oomKill: 1 } } },
    '(oom_kill +1, oom +1), peak seen 60 MiB; the container reached its own memory limit, 256 MiB'],
  ['for another limit, after page cache had met its own',
    { limits, memory: { currentBytes: 70 * MIB, peakBytes: 256 * MIB, events: { max: 5, oom: 0, oomKill: 0 } } },
    { limits, memory: { currentBytes: 90 * MIB, peakBytes: 256 * MIB, events: { max: 9, oom: 0, oomKill: 1 } } },
    '(oom_kill +1, oom +0), peak seen 90 MiB; the container\'s own limit, 256 MiB, was not the reason: a limit above it, or the machine, ran out'],
  ['without a limit of its own',
    { limits: { memoryMaxBytes: 'max' }, memory: { peakBytes: 1 * MIB, events: { oom: 0, oomKill: 0 } } },
    { limits: { memoryMaxBytes: 'max' }, memory: { peakBytes: 1536 * MIB, events: { oom: 0, oomKill: 1 } } },
    '(oom_kill +1, oom +0) at 1536 MiB; the container has no limit of its own: a limit above it, or the machine, ran out'],
  ['for a limit below the container\'s cgroup',
    { limits: { memoryMaxBytes: 'max' }, memory: { events: { oom: 0, oomKill: 0 } } },
    { limits: { memoryMaxBytes: 'max' }, memory: { events: { oom: 1, oomKill: 1 } } },
    '(oom_kill +1, oom +1); a memory limit inside the container was reached'],
  ['on v1, at its limit',
    { version: 'v1', limits, memory: { peakBytes: 60 * MIB, events: { max: 0, oomKill: 0 } } },
    { version: 'v1', limits, memory: { peakBytes: 256 * MIB, events: { max: 40, oomKill: 1 } } },
    '(oom_kill +1) at 256 MiB; cgroup v1 does not count whether the container\'s own limit, 256 MiB, or one above it was the reason'],
  ['beside another that was killed for another limit',
    { limits, memory: { peakBytes: 60 * MIB, events: { oom: 0, oomKill: 0 } } },
    { limits, memory: { peakBytes: 256 * MIB, events: { oom: 1, oomKill: 2 } } },
    '(oom_kill +2, oom +1) at 256 MiB; not every one of these kills was for the container\'s own limit, 256 MiB']
])('a job that was killed %s says what is known', (_case, before, after, message) => {
  expect(messageOf(before, after)).toBe(`the kernel's OOM killer ended the job's process ${message}`)
})

test('where even the limit is unknown, the message does without it', () => {
  const events = (oomKill: number) => readingOf({ memory: { events: { oomKill } } })
  const death = {
    exitCode: null,
    signal: 'SIGKILL' as const,
    lastWords: '',
    oom: oomBetween(events(0), events(1)),
    peak: { bytes: null, from: null },
    stoppedBy: null
  }
  expect(explainDeath(death).message).toBe(
    "the kernel's OOM killer ended the job's process (oom_kill +1); this kernel does not count whether the container's own limit or one above it was the reason"
  )
})
