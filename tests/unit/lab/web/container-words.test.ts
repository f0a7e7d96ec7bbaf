import { expect, test } from '@jest/globals'
import {
  cpuWords,
  isPressureMeasured,
  memoryWords,
  stateWords,
  peakNameOf,
  pidsWords,
  pressureWords,
  throttlingWords
} from '#lab/web/container-words.ts'
import { container } from './support/container.ts'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')

test.each([
  ['throttled', 0.43, 'throttled 43 %'],
  ['throttled', null, 'throttled'],
  ['not_throttled', 0, 'not throttled'],
  ['not_measured', null, 'not measured']
] as const)('throttling %s with a share of %p reads %p', (throttling, throttledShare, words) => {
  expect(plain(throttlingWords({ throttling, throttledShare }))).toBe(words)
})

test.each([
  ['calm', 'calm'],
  ['near_limit', 'near its limit'],
  ['oom_killed', 'OOM-killed'],
  ['gone', 'gone'],
  ['empty', 'empty']
] as const)('state %s reads %p', (state, words) => {
  expect(stateWords(state)).toBe(words)
})

test('usage is shown beside its limit', () => {
  const view = container()
  expect([memoryWords(view), cpuWords(view), pidsWords(view)].map(plain)).toEqual([
    '90.0 MiB of 256 MiB',
    '0.02 of 0.50 CPUs',
    '14 of 128'
  ])
})

test('what the host has is not a limit', () => {
  const view = container({
    effective: {
      cpuCores: { cores: 8, from: 'host' },
      memory: { bytes: 2 ** 34, from: 'host' },
      pids: { max: 4194304, from: 'host' }
    }
  })
  expect([memoryWords(view), cpuWords(view), pidsWords(view)].map(plain)).toEqual([
    '90.0 MiB, no limit',
    '0.02, no limit',
    '14, no limit'
  ])
})

test('a limit that an ancestor sets is a limit', () => {
  expect(plain(memoryWords(container({ effective: { memory: { bytes: 2 ** 27, from: 'ancestor' } } })))).toBe(
    '90.0 MiB of 128 MiB'
  )
})

test('a limit that is not known is not shown as no limit, although other limits are known', () => {
  const view = container({ effective: { cpuCores: null, memory: null, pids: null } })
  expect([memoryWords(view), cpuWords(view), pidsWords(view)].map(plain)).toEqual([
    '90.0 MiB, limit unknown',
    '0.02, limit unknown',
    '14, limit unknown'
  ])
})

test('unknown limits are not shown as no limits', () => {
  expect(plain(memoryWords(container({ effective: null })))).toBe('90.0 MiB, limit unknown')
})

test('a container that is gone shows a dash, without a limit it might have had', () => {
  expect(memoryWords(container({ effective: null, memory: { currentBytes: null } }))).toBe('–')
})

test('pressure without pressure files is not measured, and zero is zero', () => {
  expect([
    pressureWords(null),
    pressureWords({ someShare: null, fullShare: null }),
    plain(pressureWords({ someShare: 0, fullShare: null }))
  ]).toEqual(['not measured', 'not measured', '0 %'])
})

test('pressure is measured where one resource has it', () => {
  expect(isPressureMeasured(container({ pressure: { cpu: null, memory: null } }))).toBe(true)
  expect(isPressureMeasured(container({ pressure: { cpu: null, memory: null, io: null } }))).toBe(false)
})

test.each([
  ['keeps a peak', [{ peakFrom: null }, { peakFrom: 'kernel' as const }], 'peak'],
  ['keeps no peak', [{ peakFrom: 'samples' as const }], 'peak seen'],
  ['was not asked', [], 'peak']
])('where the kernel %s, a peak has the right name', (_case, memories, name) => {
  expect(peakNameOf(memories.map(memory => container({ memory })))).toBe(name)
})
