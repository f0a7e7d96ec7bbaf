import { expect, test } from '@jest/globals'
import { beliefRows, containerOf } from '#lab/web/live/belief-rows.ts'
import type { Beliefs, ContainerView } from '#lab/wire/live.ts'
import { container } from '../support/container.ts'

const MIB = 1024 ** 2
const host: Beliefs = {
  service: 'worker',
  hostname: 'a'.repeat(12),
  cpus: 8,
  availableParallelism: 8,
  totalMemoryBytes: 16_384 * MIB,
  constrainedMemoryBytes: 'max',
  heapLimitBytes: 4144 * MIB
}
const contained: Beliefs = {
  ...host,
  cpus: 1,
  availableParallelism: 1,
  totalMemoryBytes: 256 * MIB,
  constrainedMemoryBytes: 256 * MIB,
  heapLimitBytes: 131 * MIB
}
const unlimited = container({
  effective: { cpuCores: { cores: 8, from: 'host' }, memory: { bytes: 16_384 * MIB, from: 'host' } }
})

const verdicts = (beliefs: Beliefs, view: ContainerView | null) =>
  beliefRows.map(({ judge }) => judge(beliefs, view).verdict)

test('a process that sees the host is wrong about everything under limits', () => {
  expect(verdicts(host, container())).toEqual(Array(5).fill('wrong'))
})

test('a process that sees its limits is right; one CPU is the nearest whole number to half a CPU', () => {
  expect(verdicts(contained, container())).toEqual(Array(5).fill('right'))
})

test('without limits, believing in the host is right', () => {
  expect(verdicts(host, unlimited)).toEqual(Array(5).fill('right'))
})

test('without known limits the verdict is not known', () => {
  expect(verdicts(host, container({ effective: null }))).toEqual(Array(5).fill('not known'))
  expect(verdicts(contained, null)).toEqual(Array(5).fill('not known'))
})

test('a process that cannot say what constrains it is neither right nor wrong', () => {
  expect(beliefRows[3]!.judge({ ...host, constrainedMemoryBytes: null }, container())).toMatchObject({
    says: 'nothing',
    verdict: 'does not say'
  })
})

test('a heap ceiling above the limit is wrong: the kernel kills first', () => {
  expect(beliefRows[4]!.judge({ ...contained, heapLimitBytes: 259 * MIB }, container())).toMatchObject({
    verdict: 'wrong'
  })
})

test('a process is found by its hostname, and by its service where the hostname was changed', () => {
  const first = container({ id: 'b'.repeat(64) })
  const second = container()
  expect(containerOf(host, [first, second])).toBe(second)
  expect(containerOf({ ...host, hostname: 'my-host' }, [first, second])).toBe(first)
  expect(containerOf({ ...host, hostname: 'my-host', service: 'api' }, [first, second])).toBeNull()
})
