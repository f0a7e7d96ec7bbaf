import { describe, expect, test } from '@jest/globals'
import { plain } from '#lab/format.ts'
import {
  beforeWords, consequence, fromSlider, knobs, rangeOf, requestOf, SLIDER_STEPS, toSlider, updateCommand, valueOf
} from '#lab/web/live/knob.ts'
import type { ContainerLimits } from '#lab/wire/limits.ts'
import { busyView } from '../../support/samples.ts'

const MIB = 1024 * 1024
const hello = { host: { cpus: 4, memoryBytes: 8192 * MIB } }

describe('a slider', () => {
  test.each(knobs)('of %s reaches from the least to the most, and every number that is set is found again', knob => {
    const range = rangeOf(knob, hello)
    expect([fromSlider(0, range), fromSlider(SLIDER_STEPS, range)]).toEqual([range.least, range.most])
    expect([toSlider(range.least, range), toSlider(range.most, range)]).toEqual([0, SLIDER_STEPS])
    for (const value of [range.least * 2, range.least * 40, range.most / 2]) {
      const back = fromSlider(toSlider(value, range), range)
      expect(Math.abs(back / value - 1)).toBeLessThan(0.5)
    }
  })

  test('changes small values by little and large ones by much', () => {
    const range = rangeOf('memory', hello)
    expect(fromSlider(101, range) - fromSlider(100, range)).toBeLessThan(2)
    expect(fromSlider(901, range) - fromSlider(900, range)).toBeGreaterThan(20)
  })
})

test.each([
  ['memory', 128, { service: 'api', memoryBytes: 128 * MIB }],
  ['cpus', 0.25, { service: 'api', cpus: 0.25 }],
  ['pids', 64, { service: 'api', pids: 64 }]
] as const)('%s of %d is asked for as %j', (knob, value, request) => {
  expect(requestOf('api', knob, value)).toEqual(request)
})

describe('what a turn would do', () => {
  const view = busyView()
  view.memory = { ...view.memory, currentBytes: 200 * MIB, activeFileBytes: 20 * MIB, inactiveFileBytes: 80 * MIB }
  view.cpu = { ...view.cpu, cores: 0.4 }
  view.pids = { ...view.pids, current: 13 }

  test.each([
    ['memory', 99, 'refused: 100 MiB are in use that the kernel cannot take back'],
    ['memory', 150, 'the kernel takes back 50.0 MiB of page cache'],
    ['memory', 256, '200 MiB of it are in use'],
    ['cpus', 0.25, 'it uses 0.40 now, and would be throttled'],
    ['cpus', 0.5, 'it uses 0.40 now'],
    ['pids', 12, 'refused: 13 tasks are running'],
    ['pids', 64, '13 of 64 would be used']
  ] as const)('%s of %d: %s', (knob, value, words) => {
    expect(plain(consequence(knob, value, view))).toBe(words)
  })
})

test('the command to copy has what was turned, and swap with memory', () => {
  expect(updateCommand('limits-lab-api-1', { memory: 128, cpus: 0.25, pids: 64 }))
    .toBe('docker update --memory 128m --memory-swap 128m --cpus 0.25 --pids-limit 64 limits-lab-api-1')
})

test('what was there before is said only of what has changed', () => {
  const before: ContainerLimits = { memoryBytes: 256 * MIB, memoryAndSwapBytes: 256 * MIB, cpus: 0.5, pids: 'max' }
  const now = { ...before, memoryBytes: 128 * MIB, memoryAndSwapBytes: 128 * MIB, pids: 64 }
  expect(knobs.map(knob => beforeWords(knob, now, before))).toEqual([expect.stringMatching(/^256.MiB$/), null, 'no limit'])
})

test('a container without a limit is shown at the size of the machine', () => {
  const view = { ...busyView(), effective: null }
  expect(knobs.map(knob => valueOf(knob, view, hello))).toEqual([8192, 4, 4096])
})
