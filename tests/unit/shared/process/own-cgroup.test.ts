import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { NoCgroup } from '#cgroup/locate.ts'
import { faultLog, findOwnCgroup } from '#shared/process/own-cgroup.ts'
import { asUser } from '#support/as-user.ts'
import { capturedLog } from '#support/captured-log.ts'
import { makeTree, place, procOfHost, removeTrees, write } from '#support/cgroup-tree.ts'

const closed: string[] = []
afterEach(() => {
  for (const path of closed.splice(0)) chmodSync(path, 0o755)
  removeTrees()
})

const proc = (path = '/own') => makeTree({ ...procOfHost, 'self/cgroup': `0::${path}\n` })

function v2Root (): string {
  const root = makeTree({ 'cgroup.controllers': 'cpu memory\n' })
  chmodSync(root, 0o755)
  place(root, '/own', 'v2/half-a-cpu-throttled')
  return root
}

function find (where: { root: string, proc: string }, hasNone = false) {
  const { log, lines } = capturedLog()
  return { own: asUser(() => findOwnCgroup(hasNone, log, where)), lines }
}

function close (path: string): void {
  chmodSync(path, 0o000)
  closed.push(path)
}

test('a process in a cgroup that can be read is measured, and nothing is logged', () => {
  const { own, lines } = find(readable(v2Root()))
  expect(own).not.toBeInstanceOf(NoCgroup)
  expect(lines).toEqual([])
})

/** Temporary directories are their owner's alone. */
function readable (root: string, proc_ = proc()) {
  for (const path of [root, proc_]) chmodSync(path, 0o755)
  return { root, proc: proc_ }
}

test.each([
  ['without a file system of cgroups', () => readable(makeTree({}), proc()), /holds no cgroup/],
  ['on v2, outside of what the mount shows', () => readable(v2Root(), proc('/../other')), /is in cgroup \/\.\.\/other, but .* shows only \/ and below/],
  ['in a cgroup that is not in the tree', () => readable(v2Root(), proc('/elsewhere')), /there is no cgroup \/elsewhere in/],
  ['on v1, of which it has no controller', () => readable(makeTree({ 'memory/tasks': '' }), proc()), /no cgroup v1 controller/],
  ['without /proc', () => ({ ...readable(v2Root()), proc: '/no/such/proc' }), /\/no\/such\/proc/]
])('case 14: a process %s runs unmeasured, and the log says why, once', (_case, where, reason) => {
  const { own, lines } = find(where())
  expect(own).toBeInstanceOf(NoCgroup)
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'warn',
      msg: 'this process is not measured',
      reason: expect.stringMatching(reason)
    })
  ])
})

test('case 14: where there is no /sys/fs/cgroup a process runs unmeasured, and the log names it', () => {
  expect(find({ root: '/no/such/sys/fs/cgroup', proc: proc() }).lines).toEqual([
    expect.objectContaining({ reason: 'there is no /no/such/sys/fs/cgroup, where cgroups would be mounted' })
  ])
})

test('a process whose cgroup may not be entered runs unmeasured', () => {
  const where = readable(v2Root())
  close(join(where.root, 'own'))
  const { own, lines } = find(where)
  expect(own).toBeInstanceOf(NoCgroup)
  expect(lines).toEqual([expect.objectContaining({ reason: expect.stringContaining('EACCES') })])
})

test('a process that has no cgroup of its own learns nothing of the one it is in, which is the whole machine\'s', () => {
  const { own, lines } = find(readable(v2Root()), true)
  expect((own as NoCgroup).message).toContain('OWN_CGROUP=none')
  expect(lines).toHaveLength(1)
})

test('a value that cannot be read is logged with its path and the reason', () => {
  const where = readable(v2Root())
  write(where.root, 'own/memory.max', 'lots\n')
  write(where.root, 'own/memory.stat', 'anon 1x\nfile 2\n')
  const { own, lines } = find(where)
  expect(own).not.toBeInstanceOf(NoCgroup)
  expect(lines.map(({ path, key, reason }) => [path, key, reason])).toEqual([
    [join(where.root, 'own/memory.max'), null, 'expected a whole number, got "lots"'],
    [join(where.root, 'own/memory.stat'), 'anon', 'expected a whole number, got "1x"']
  ])
})

test('a fault is logged once for its file and key, however often and through whichever container it is met', () => {
  const { log, lines } = capturedLog()
  const report = faultLog(log)
  for (let i = 0; i < 3; i++) {
    for (const key of [null, 'anon', 'file']) report({ path: '/docker/memory.stat', key, error: new Error('EIO') })
  }
  expect(lines.map(({ key }) => key)).toEqual([null, 'anon', 'file'])
})

test('of many faults the oldest are forgotten: what is remembered does not grow', () => {
  const { log, lines } = capturedLog()
  const report = faultLog(log)
  const meet = (i: number) => report({ path: `/${i}`, key: null, error: new Error('EIO') })
  for (let i = 0; i < 1001; i++) meet(i)
  meet(1000)
  meet(0)
  expect(lines).toHaveLength(1002)
})
