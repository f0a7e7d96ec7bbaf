import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { Directory } from '#cgroup/directory.ts'
import { Vanished } from '#cgroup/kernel-file.ts'
import { Life } from '#cgroup/life.ts'
import { makeTree, removeTrees, write } from '#support/cgroup-tree.ts'

afterEach(removeTrees)

function openLife () {
  const root = makeTree({ 'a/pids.current': '1\n', 'b/pids.current': '2\n' })
  const directory = new Directory(join(root, 'a'))
  const life = new Life(directory, [])
  return { root, life, look: () => life.whileAlive(() => directory.read('pids.current', Number)) }
}

test('a look at a directory that lasts gives the answer', () => {
  const { life, look } = openLife()
  expect([look(), look()]).toEqual([1, 1])
  life.close()
})

test('a look at a directory that is gone gives null', () => {
  const { root, look } = openLife()
  look()
  rmSync(join(root, 'a'), { recursive: true })
  expect(look()).toBeNull()
})

test('a look after the directory was replaced reads the new one', () => {
  const { root, life, look } = openLife()
  look()
  rmSync(join(root, 'a'), { recursive: true })
  renameSync(join(root, 'b'), join(root, 'a'))
  expect(look()).toBe(2)
  life.close()
})

test('a look during which the directory is replaced gives null, the next one the new directory', () => {
  const { root, life, look } = openLife()
  const answer = life.whileAlive(() => {
    renameSync(join(root, 'a'), join(root, 'old'))
    renameSync(join(root, 'b'), join(root, 'a'))
    return 'of two lives'
  })
  expect(answer).toBeNull()
  expect(look()).toBe(2)
  life.close()
})

test('a look that meets a removed cgroup in a kept descriptor gives null', () => {
  const { life } = openLife()
  expect(life.whileAlive(() => { throw new Vanished('pids.current') })).toBeNull()
})

test('a look that meets a removed cgroup while a new one has its path reads the new one', () => {
  const { root, life, look } = openLife()
  look()
  renameSync(join(root, 'a'), join(root, 'old'))
  renameSync(join(root, 'b'), join(root, 'a'))
  let looks = 0
  expect(life.whileAlive(() => {
    if (looks++ === 0) throw new Vanished('pids.current')
    return 'of the new life'
  })).toBe('of the new life')
  expect(look()).toBe(2)
  life.close()
})

test('a look that meets a removed cgroup whose directory is still to be seen gives null', () => {
  const { life, look } = openLife()
  look()
  expect(life.whileAlive(() => { throw new Vanished('pids.current') })).toBeNull()
  life.close()
})

test('a look that fails for another reason fails', () => {
  const { root, life, look } = openLife()
  write(root, 'a/pids.current', 'x')
  expect(() => life.whileAlive(() => { throw new Error('EACCES') })).toThrow('EACCES')
  look()
  life.close()
})
