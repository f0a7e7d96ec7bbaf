import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { CgroupTree } from '#scripts/start/cgroup-tree.ts'
import { LimitRefused } from '#scripts/start/limit-files.ts'
import { openTree } from '#scripts/start/open-tree.ts'
import { processesIn } from '#scripts/start/own-cgroups.ts'

const noLimits = { cpus: null, memoryBytes: null, pids: null }

let root: string
let guest: ChildProcess
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cgroup-'))
  guest = spawn('sleep', ['60'])
})
afterEach(() => {
  guest.kill()
  rmSync(root, { recursive: true })
})

/** Makes a copy of a v1 tree in which another program has a cgroup of this name, with a process in it. */
function hostWith (name: string): void {
  for (const controller of ['memory', 'cpu', 'pids']) {
    mkdirSync(join(root, controller, name), { recursive: true })
    writeFileSync(join(root, controller, name, 'cgroup.procs'), `${guest.pid}\n`)
  }
}

const guestIsAlive = (): boolean => guest.exitCode === null && guest.signalCode === null

test('case 02: an empty name never becomes the top of the tree', () => {
  hostWith('guests')
  expect(() => openTree('', root)).toThrow('COMPOSE_PROJECT_NAME must consist of')
})

test.each(['.', '..', 'guests/..', '/', '../guests'])('case 02: the path-like name %s is refused before anything is made', name => {
  hostWith('guests')
  expect(() => openTree(name, root)).toThrow('COMPOSE_PROJECT_NAME must consist of')
})

test('case 02: cgroups of others beside the stack\'s own are not touched', async () => {
  hostWith('guests')
  const tree = openTree('limits-lab', root) as CgroupTree
  await tree.claim()
  await tree.make('limits-lab-api-1', noLimits)
  expect(await tree.removeAll()).toEqual([])
  expect(processesIn(join(root, 'memory/guests'))).toEqual([guest.pid])
  expect([guestIsAlive(), tree.exists]).toEqual([true, false])
})

test('case 01: a cgroup of the stack\'s name that others made stays as it is, and the stack goes beside it', async () => {
  hostWith('limits-lab')
  const tree = openTree('limits-lab', root) as CgroupTree
  await tree.claim()
  expect(tree.path).toBe('/limits-lab-2')
  await tree.removeAll()
  expect([
    existsSync(join(root, 'memory/limits-lab/cgroup.procs')),
    existsSync(join(root, 'memory/limits-lab-2')),
    guestIsAlive()
  ]).toEqual([true, false, true])
})

test('a name that is taken in one hierarchy is used in none', async () => {
  for (const directory of ['memory', 'cpu', 'pids/limits-lab']) mkdirSync(join(root, directory), { recursive: true })
  const tree = openTree('limits-lab', root) as CgroupTree
  await tree.claim()
  expect(tree.made.map(({ path }) => path)).toEqual(['memory', 'cpu', 'pids'].map(controller => join(root, controller, 'limits-lab-2')))
  expect(existsSync(join(root, 'memory/limits-lab'))).toBe(false)
})

test('a cgroup that the engine or another program made below the stack\'s own stays, and so does the stack\'s', async () => {
  hostWith('guests')
  const tree = openTree('limits-lab', root) as CgroupTree
  await tree.claim()
  mkdirSync(join(root, 'memory/limits-lab/a-container'))
  expect(await tree.removeAll()).toEqual([join(root, 'memory/limits-lab')])
  expect(existsSync(join(root, 'memory/limits-lab/a-container'))).toBe(true)
})

test('a directory that another program made under the path of the stack\'s no longer belongs to the stack', async () => {
  hostWith('guests')
  const tree = openTree('limits-lab', root) as CgroupTree
  await tree.claim()
  const theirs = join(root, 'memory/limits-lab')
  mkdirSync(`${theirs}-next`)      // made while the first stands, so its inode is another
  rmdirSync(theirs)
  renameSync(`${theirs}-next`, theirs)
  expect(await tree.removeAll()).toEqual([])
  expect(existsSync(theirs)).toBe(true)
})

test('a process without a number in our pid namespace, and its first process, never get a signal', () => {
  mkdirSync(join(root, 'mixed'))
  writeFileSync(join(root, 'mixed/cgroup.procs'), '0\n1\n4711\n0\n')
  expect(processesIn(join(root, 'mixed'))).toEqual([4711])
})

test('on v2 the directory of the stack enables its controllers for those of the services, or they would have no files for limits', async () => {
  const tree = new CgroupTree('v2', '/lab', new Map([['unified', root]]))
  await tree.claim()
  const joins = await tree.make('lab-api-1', { cpus: 0.5, memoryBytes: 1024, pids: 8 })
  expect(readFileSync(join(root, 'lab/cgroup.subtree_control'), 'utf8')).toBe('+memory +cpu +pids')
  expect(readFileSync(join(root, 'lab/lab-api-1/cpu.max'), 'utf8')).toBe('50000 100000')
  expect(joins).toEqual([join(root, 'lab/lab-api-1/cgroup.procs')])
})

test('case 16: a limit that the kernel refuses is reported with its file and its value', () => {
  const refused = new LimitRefused(
    { controller: 'cpu', limit: 'cpus', name: 'cpu.max', value: '1 100000' },
    Object.assign(new Error(), { code: 'EINVAL' })
  )
  expect([refused.limit, refused.message]).toEqual(['cpus', 'the kernel refuses "1 100000" in cpu.max (EINVAL)'])
})

test.each([
  ['no cgroup file system at all', (): string => join(root, 'nothing'), 'this system has no cgroups: there is no'],
  ['an empty directory', (): string => root, 'holds no cgroup']
])('case 14: with %s the stack runs without limits, and that is no error', (_case, where, because) => {
  expect(openTree('limits-lab', where())).toEqual({ because: expect.stringContaining(because) })
})
