import { expect, test } from '@jest/globals'
import { memoryParts, reconcile } from '#lab/web/live/memory-parts.ts'
import { container } from '../support/container.ts'

const MIB = 1024 ** 2

test('the parts of the memory add up to memory.current', () => {
  const { memory } = container()
  const { anonBytes, fileBytes, kernelBytes, restBytes } = memoryParts(memory)!
  expect(anonBytes + fileBytes + kernelBytes + restBytes).toBe(memory.currentBytes)
  expect(restBytes).toBe(2 * MIB)
})

test('statistics that lag behind memory.current give a negative rest', () => {
  expect(memoryParts(container({ memory: { currentBytes: 80 * MIB } }).memory)!.restBytes).toBe(-8 * MIB)
})

test('kernel memory that is not reported is in the rest', () => {
  const { memory } = container({ memory: { kernelBytes: null } })
  expect(memoryParts(memory)).toMatchObject({ kernelBytes: 0, restBytes: 10 * MIB })
})

test('without anon or file there are no parts', () => {
  expect(memoryParts(container({ memory: { anonBytes: null } }).memory)).toBeNull()
})

test('the reconciliation goes from the parts to what docker stats shows', () => {
  const rows = reconcile(container().memory)
  expect(rows.map(({ sign, name, bytes }) => [sign, name, bytes! / MIB])).toEqual([
    ['', 'anon', 50], ['+', 'file', 30], ['+', 'kernel', 8], ['+', 'the rest', 2], ['=', 'memory.current', 90],
    ['−', 'inactive_file', 20], ['=', 'working set', 70], ['=', 'docker stats', 70]
  ])
  expect(rows.every(({ sentence }) => sentence.length > 20)).toBe(true)
})

test('the reconciliation of a container that is gone has every row and no value', () => {
  const gone = Object.fromEntries(Object.keys(container().memory).map(key => [key, null])) as unknown as ReturnType<
    typeof container
  >['memory']
  expect(reconcile(gone).map(({ bytes }) => bytes)).toEqual(Array(8).fill(null))
})
