import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import type { Fault } from '#cgroup/fault.ts'
import { Vanished } from '#cgroup/kernel-file.ts'
import { parseCount, parseLimit, valueOf, type TakeValue } from '#cgroup/parse.ts'
import { ValueFile } from '#cgroup/value-file.ts'
import { asUser } from '#support/as-user.ts'
import { makeTree, removeTrees, write } from '#support/cgroup-tree.ts'

afterEach(removeTrees)

/** A file, and what is reported about it. */
function open (name: string, text: string | null) {
  const root = makeTree({ [name]: text })
  chmodSync(root, 0o755)
  const reported: string[] = []
  const report = ({ path, key, error }: Fault) => {
    reported.push(`${path.slice(root.length + 1)} ${key}: ${error.message.replaceAll(root, '')}`)
  }
  const rewrite = (text: string) => write(root, name, text)
  return { root, reported, file: new ValueFile(join(root, name), report), rewrite }
}

const parseEvents = (text: string, take?: TakeValue) => ({ oom: valueOf(text, 'oom', parseCount, take), kill: valueOf(text, 'oom_kill', parseCount, take) })

test('read of a text that has not changed gives the same answer without parsing it again', () => {
  const root = makeTree({ 'io.stat': 'a\n' })
  const file = new ValueFile(join(root, 'io.stat'))
  let parsed = 0
  const parse = (text: string) => { parsed++; return [text] }
  const first = file.read(parse)
  expect(file.read(parse)).toBe(first)
  write(root, 'io.stat', 'b\n')
  expect([file.read(parse), parsed]).toEqual([['b\n'], 2])
  file.close()
})

test('read of one file in two ways has both answers', () => {
  const file = new ValueFile(join(makeTree({ 'memory.stat': '12\n' }), 'memory.stat'))
  expect([file.read(Number), file.read(text => text), file.read(Number)]).toEqual([12, '12\n', 12])
  file.close()
})

test('read of a text that is refused is null, and reported', () => {
  const { file, reported } = open('memory.max', 'lots\n')
  expect(file.read(parseLimit)).toBeNull()
  expect(reported).toEqual(['memory.max null: expected a whole number, got "lots"'])
  file.close()
})

test('read of a text with one value that is refused has the others, and reports the key', () => {
  const { file, reported } = open('memory.events', 'oom lots\noom_kill 3\n')
  expect(file.read(parseEvents)).toEqual({ oom: null, kill: 3 })
  expect(reported).toEqual(['memory.events oom: expected a whole number, got "lots"'])
  file.close()
})

test('faults of a text that has not changed last, and go with the text', () => {
  const { file, rewrite } = open('memory.events', 'oom lots\noom_kill many\n')
  for (let i = 0; i < 2; i++) file.read(parseEvents)
  expect(file.faults.map(({ key }) => key)).toEqual(['oom', 'oom_kill'])
  rewrite('oom 1\noom_kill many\n')
  file.read(parseEvents)
  expect(file.faults.map(({ key }) => key)).toEqual(['oom_kill'])
  rewrite('oom 1\noom_kill 2\n')
  expect([file.read(parseEvents), file.faults]).toEqual([{ oom: 1, kill: 2 }, []])
  file.close()
})

test('read of a file that may not be opened is null, is reported with the reason, and found once it may', () => {
  const { root, file, reported } = open('memory.peak', '5\n')
  chmodSync(join(root, 'memory.peak'), 0o000)
  expect(asUser(() => file.read(parseCount))).toBeNull()
  expect(reported).toEqual([expect.stringMatching(/^memory.peak null: .*EACCES/)])
  expect(file.faults).toHaveLength(1)
  chmodSync(join(root, 'memory.peak'), 0o644)
  expect([asUser(() => file.read(parseCount)), file.faults]).toEqual([5, []])
  file.close()
})

test('read of a file that is not there is null, and no fault', () => {
  const { root, reported } = open('memory.max', '5\n')
  const file = new ValueFile(join(root, 'memory.peak'), () => reported.push('reported'))
  expect([file.read(parseCount), file.faults, reported]).toEqual([null, [], []])
})

test('read of a file in a directory that was closed is a fault, and not a file that is not there', () => {
  const { root, reported } = open('closed/memory.peak', '5\n')
  chmodSync(join(root, 'closed'), 0o000)
  const file = new ValueFile(join(root, 'closed/memory.peak'), ({ error }) => reported.push(error.message))
  expect(asUser(() => file.read(parseCount))).toBeNull()
  expect(reported).toEqual([expect.stringContaining('EACCES')])
  chmodSync(join(root, 'closed'), 0o755)
})

test('read of something that is no file is null, and reported', () => {
  const { file, reported } = open('cpu.stat', null)
  expect(file.read(parseCount)).toBeNull()
  expect(reported).toEqual([expect.stringContaining('EISDIR')])
  file.close()
})

test('that the cgroup is gone is no fault of a file: it is thrown', () => {
  const { file, reported } = open('cpu.stat', '1\n')
  expect(() => file.read(() => { throw new Vanished('cpu.stat') })).toThrow(Vanished)
  expect(() => file.lines(() => { throw new Vanished('cpu.stat') })).toThrow(Vanished)
  expect(reported).toEqual([])
  file.close()
})
