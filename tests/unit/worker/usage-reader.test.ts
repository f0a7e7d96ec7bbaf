import { expect, test } from '@jest/globals'
import { capturedLog } from '#support/captured-log.ts'
import { fullReading } from '#support/readings.ts'
import { usageReader } from '#worker/usage-reader.ts'
import { usageBetween } from '#worker/usage.ts'

test('usage of a job is made from the readings of the worker\'s container', () => {
  const reading = fullReading()
  expect(usageReader({ read: () => reading }, capturedLog().log)()).toBe(reading)
})

test('case 14: usage of a job, where nothing is measured, is how long it took', () => {
  const read = usageReader({ read: () => null }, capturedLog().log)
  const usage = usageBetween(read(), read(), null)
  expect(usage).toEqual({
    cpuSeconds: null,
    throttledSeconds: null,
    peakMemoryBytes: null,
    peakMemoryFrom: null,
    wallMs: expect.any(Number)
  })
  expect(usage.wallMs).toBeLessThan(10_000)
})

test('usage of a job whose worker cannot read its own files is not measured, and that is logged once', () => {
  const { log, lines } = capturedLog()
  const read = usageReader({ read: () => { throw new Error('EACCES') } }, log)
  const nothing = { cpu: { usageUs: null }, memory: { currentBytes: null, events: { oomKill: null } } }
  for (let i = 0; i < 3; i++) expect(read()).toMatchObject(nothing)
  expect(lines).toHaveLength(1)
})
