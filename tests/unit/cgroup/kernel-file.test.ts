import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { KernelFile } from '#cgroup/kernel-file.ts'
import { makeTree, removeTrees, write } from '#support/cgroup-tree.ts'

afterEach(removeTrees)

test('text of a file larger than the buffer is complete', () => {
  const text = 'x'.repeat(100_000)
  const file = new KernelFile(join(makeTree({ long: text }), 'long'))
  expect(file.text()).toBe(text)
  file.close()
})

test('text of a file read twice is each time what it says then', () => {
  const root = makeTree({ 'pids.current': '1\n' })
  const file = new KernelFile(join(root, 'pids.current'))
  expect(file.text()).toBe('1\n')
  write(root, 'pids.current', '12\n')
  expect(file.text()).toBe('12\n')
  file.close()
})

test('text of a missing file is null, and found once it is there', () => {
  const root = makeTree({})
  const file = new KernelFile(join(root, 'memory.peak'))
  expect(file.text()).toBeNull()
  write(root, 'memory.peak', '5\n')
  expect(file.text()).toBe('5\n')
  file.close()
})

test('text of something that cannot be read fails with its path', () => {
  const root = makeTree({ 'cpu.stat': null })
  const file = new KernelFile(join(root, 'cpu.stat'))
  expect(() => file.text()).toThrow(`${root}/cpu.stat: EISDIR`)
  file.close()
})

test('lines of a file longer than the buffer are all counted', () => {
  const root = makeTree({ 'cgroup.procs': '' })
  const file = new KernelFile(join(root, 'cgroup.procs'))
  expect(file.lines()).toBe(0)
  appendFileSync(join(root, 'cgroup.procs'), '1234567\n'.repeat(20_000))
  expect(file.lines()).toBe(20_000)
  file.close()
})
