import { describe, expect, test } from '@jest/globals'
import { limitsText, readBytes, readLimitOptions } from '#lab/cli/limit.ts'
import { UsageError } from '#lab/cli/command.ts'

describe('lab limit', () => {
  test.each([
    [['api', '--cpus', '0.25'], { service: 'api', cpus: 0.25 }],
    [['api', '--memory', '128M', '--for', '1m'], { service: 'api', memoryBytes: 134217728, forSeconds: 60 }],
    [['api', '--pids', '5', '--even-below-use'], { service: 'api', pids: 5, evenBelowUse: true }],
    [['api', '--put-back'], { service: 'api', memoryBytes: null, cpus: null, pids: null }],
    [[], null]
  ])('%j asks for %j', (args, request) => {
    expect(readLimitOptions(args)).toEqual({ request, json: false })
  })

  test.each([
    [['--cpus', '1']],
    [['api']],
    [['api', '--cpus', '1', '--put-back']],
    [['api', '--cpus', 'half']],
    [['api', '--memory', '1X']],
    [['api', 'worker', '--cpus', '1']]
  ])('%j is wrong usage', args => {
    expect(() => readLimitOptions(args)).toThrow(UsageError)
  })

  test.each([
    ['1024', 1024], ['64K', 65536], ['128m', 134217728], ['1.5G', 1610612736], ['256MiB', 268435456], ['256MB', 268435456]
  ])('%s are %d bytes', (text, bytes) => {
    expect(readBytes('--memory', text)).toBe(bytes)
  })

  test('prints what is changed, and from what', () => {
    const before = { memoryBytes: 268435456, memoryAndSwapBytes: 268435456, cpus: 0.5, pids: 'max' as const }
    const times = { changedAt: '', until: null, fault: null }
    const changed = [{ service: 'api', now: { ...before, cpus: 0.25 }, before, by: 'hand' as const, ...times }]
    expect(limitsText({ canChange: true, changed })).toBe([
      'SERVICE   MEMORY    CPUS         TASKS   CHANGED BY   PUT BACK',
      'api       256 MiB   0.5 → 0.25   max     hand         when asked to',
      '', ''
    ].join('\n'))
    expect(limitsText({ canChange: true, changed: [] })).toBe('All limits are those of compose.yaml.\n')
  })
})
