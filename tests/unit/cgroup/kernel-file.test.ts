import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { KernelFile } from '../../../services/cgroup/kernel-file.ts'
import { makeTree, removeTrees, write } from './tree.ts'

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

test('read of a text that has not changed gives the same answer without parsing it again', () => {
  const root = makeTree({ 'io.stat': 'a\n' })
  const file = new KernelFile(join(root, 'io.stat'))
  let parsed = 0
  const parse = (text: string) => { parsed++; return [text] }
  const first = file.read(parse)
  expect(file.read(parse)).toBe(first)
  write(root, 'io.stat', 'b\n')
  expect([file.read(parse), parsed]).toEqual([['b\n'], 2])
  file.close()
})

test('read of one file in two ways has both answers', () => {
  const file = new KernelFile(join(makeTree({ 'memory.stat': '12\n' }), 'memory.stat'))
  expect([file.read(Number), file.read(text => text), file.read(Number)]).toEqual([12, '12\n', 12])
  file.close()
})

test('read of a text that is refused fails each time, with its path', () => {
  const root = makeTree({ 'memory.max': 'lots\n' })
  const file = new KernelFile(join(root, 'memory.max'))
  const parse = (text: string) => { throw new Error(`got ${text.trim()}`) }
  for (let i = 0; i < 2; i++) expect(() => file.read(parse)).toThrow(`${root}/memory.max: got lots`)
  file.close()
})
