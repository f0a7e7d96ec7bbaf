import { expect, test } from '@jest/globals'
import { fullReading, readingOf } from '#support/readings.ts'
import { until } from '#support/until.ts'
import { Meter } from '#worker/meter.ts'
import { usageBetween } from '#worker/usage.ts'

interface Moment { current: number | null, peak: number | null, oomKill?: number | null, oom?: number | null }

function at ({ current, peak, oomKill = 0, oom = oomKill }: Moment) {
  const memory = { currentBytes: current, peakBytes: peak, events: { oom, oomKill } }
  return readingOf({ limits: { memoryMaxBytes: 500 }, memory })
}

test('usage is the difference of two readings, in seconds and milliseconds', () => {
  const before = fullReading({ monotonicUs: 1_000_000, cpu: { usageUs: 1_000_000, throttledUs: 0 } })
  const after = fullReading({ monotonicUs: 3_500_400, cpu: { usageUs: 2_250_000, throttledUs: 750_000 } })
  expect(usageBetween(before, after, null)).toMatchObject({ cpuSeconds: 1.25, throttledSeconds: 0.75, wallMs: 2500 })
})

test('usage that the kernel does not give is null, and the time is there', () => {
  const [before, after] = [readingOf(), readingOf({ monotonicUs: 5000 })]
  const nothing = { cpuSeconds: null, throttledSeconds: null, peakMemoryBytes: null, peakMemoryFrom: null }
  expect(usageBetween(before, after, null)).toEqual({ ...nothing, wallMs: 5 })
})

test('usage that the kernel gives only at one end is null', () => {
  expect(usageBetween(readingOf(), fullReading(), null)).toMatchObject({ cpuSeconds: null, throttledSeconds: null })
  expect(usageBetween(fullReading(), readingOf(), null)).toMatchObject({ cpuSeconds: null, throttledSeconds: null })
})

test.each<[string, Moment, Moment, number | null, number | null, 'kernel' | 'samples' | null]>([
  ['the kernel\'s, when it rose', { current: 10, peak: 50 }, { current: 20, peak: 90 }, 60, 90, 'kernel'],
  ['the highest seen, when the kernel\'s is of an earlier job', { current: 10, peak: 500 }, { current: 20, peak: 500 }, 60, 60, 'samples'],
  ['the usage before, when it was the highest seen', { current: 70, peak: 500 }, { current: 20, peak: 500 }, 60, 70, 'samples'],
  ['the usage after, when it was the highest seen', { current: 10, peak: 500 }, { current: 80, peak: 500 }, 60, 80, 'samples'],
  ['the kernel\'s, when it killed for the container\'s own limit, at the same peak as before',
    { current: 10, peak: 500, oomKill: 1 }, { current: 20, peak: 500, oomKill: 2 }, 60, 500, 'kernel'],
  ['the highest seen, when it killed for another limit, and the kernel\'s is of an earlier job',
    { current: 10, peak: 500, oomKill: 1, oom: 1 }, { current: 20, peak: 500, oomKill: 2, oom: 1 }, 60, 60, 'samples'],
  ['the highest seen, when the kernel does not count which limit it killed for, and the kernel\'s is of an earlier job',
    { current: 10, peak: 500, oomKill: 1, oom: null }, { current: 20, peak: 500, oomKill: 2, oom: null }, 60, 60, 'samples'],
  ['the highest seen, where there is no peak', { current: 10, peak: null, oomKill: null }, { current: 20, peak: null, oomKill: null }, 60, 60, 'samples'],
  ['of the two readings, when none was taken between', { current: 10, peak: null }, { current: 20, peak: null }, null, 20, 'samples'],
  ['null, where nothing is known', { current: null, peak: null }, { current: null, peak: null }, null, null, null]
])('peak memory is %s', (_case, before, after, highest, peakMemoryBytes, peakMemoryFrom) => {
  expect(usageBetween(at(before), at(after), highest)).toMatchObject({ peakMemoryBytes, peakMemoryFrom })
})

test('a meter sees usage that rose and fell between its two ends', async () => {
  let [bytes, reads] = [10, 0]
  const meter = new Meter(() => { reads++; return at({ current: bytes, peak: 1000 }) })
  bytes = 700
  await until(() => reads >= 2, { what: 'a sample' })
  bytes = 20
  expect(meter.stop().usage.peakMemoryBytes).toBe(700)
})

test.each<[string, number, string]>([
  ['in the last second is the kill\'s', 9500, 'own_limit'],
  ['long before it is not', 5000, 'not_own_limit']
])('a limit that was met %s', async (_case, metAtMs, cause) => {
  let [nowMs, reads, oomKill] = [0, 0, 0]
  const meter = new Meter(() => {
    reads++
    return readingOf({ monotonicUs: nowMs * 1000, memory: { events: { oom: nowMs < metAtMs ? 0 : 1, oomKill } } })
  })
  for (nowMs of [metAtMs, 9600]) {
    const seen = reads
    await until(() => reads > seen, { what: 'a sample' })
  }
  [nowMs, oomKill] = [10_000, 1]
  expect(meter.stop().oom).toMatchObject({ kills: 1, cause })
})

test('a kill that a busy worker saw late is judged by the whole job', async () => {
  let [nowMs, reads] = [0, 0]
  const meter = new Meter(() => {
    reads++
    const kills = nowMs > 0 ? 1 : 0
    return readingOf({ monotonicUs: nowMs * 1000, memory: { events: { oom: kills, oomKill: kills } } })
  })
  nowMs = 5000
  await until(() => reads > 1, { what: 'a sample' })
  nowMs = 5100
  expect(meter.stop().oom).toMatchObject({ kills: 1, cause: 'own_limit' })
})

test('a meter that cannot read for a while goes on', async () => {
  let [isAway, failures] = [false, 0]
  const meter = new Meter(() => {
    if (isAway) {
      failures++
      throw new Error('EMFILE')
    }
    return at({ current: 5, peak: null })
  })
  isAway = true
  await until(() => failures >= 2, { what: 'two samples that fail' })
  isAway = false
  expect(meter.stop().usage.peakMemoryBytes).toBe(5)
})

test('a stopped meter takes no more samples', () => {
  let isStopped = false
  const meter = new Meter(() => {
    if (isStopped) throw new Error('read after the end')
    return at({ current: 1, peak: 1 })
  })
  meter.stop()
  isStopped = true
})
