import { renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { cgroupAt, ownCgroup } from '#cgroup/locate.ts'
import { controllerMounts, detectVersion } from '#cgroup/mounts.ts'
import { idA, makeTree, place, procOfHost, removeTrees } from '#support/cgroup-tree.ts'

afterEach(removeTrees)

// Trees of ordinary files have the magic number of an ordinary file system: what is tested here is the way without it.
test.each([
  ['v2', { 'cgroup.controllers': 'cpu memory\n' }],
  ['v1', { 'memory/tasks': '' }],
  ['v1', { 'memory/tasks': '', 'unified/empty': '' }],
  ['hybrid', { 'memory/tasks': '', 'unified/cgroup.controllers': '' }]
])('detectVersion of a copied tree of %s', (version, files) => {
  expect(detectVersion(makeTree(files))).toBe(version)
})

test('detectVersion of a root that is not there fails with its path', () => {
  expect(() => detectVersion('/no/such/root')).toThrow('/no/such/root')
})

test.each([
  ['separate', ['cpu', 'cpuacct'], 'cpu', 'cpuacct'],
  ['cpu,cpuacct', ['cpu,cpuacct'], 'cpu,cpuacct', 'cpu,cpuacct'],
  ['cpuacct,cpu', ['cpuacct,cpu'], 'cpuacct,cpu', 'cpuacct,cpu']
])('controllerMounts where cpu and cpuacct are %s', (_case, names, cpu, cpuacct) => {
  const root = makeTree(Object.fromEntries([...names, 'systemd', 'devices'].map(name => [name, null])))
  expect(Object.fromEntries(controllerMounts(root))).toEqual({ cpu: join(root, cpu), cpuacct: join(root, cpuacct) })
})

test('controllerMounts with links beside a joint directory takes the directory', () => {
  const root = makeTree({ 'cpu,cpuacct': null })
  symlinkSync('cpu,cpuacct', join(root, 'cpu'))
  symlinkSync('cpu,cpuacct', join(root, 'cpuacct'))
  expect(new Set(controllerMounts(root).values())).toEqual(new Set([join(root, 'cpu,cpuacct')]))
})

test('controllerMounts of a directory without cgroups says what it looked for', () => {
  expect(() => controllerMounts(makeTree({ 'etc/passwd': '' }))).toThrow('holds no cgroup: neither cgroup.controllers (v2) nor')
})

function proc (mountinfo: string, cgroup: string): string {
  return makeTree({ ...procOfHost, 'self/mountinfo': mountinfo, 'self/cgroup': cgroup })
}

function v2Root (path: string): string {
  const root = makeTree({ 'cgroup.controllers': 'cpu memory pids\n' })
  place(root, path, 'v2/half-a-cpu-throttled')
  return root
}

test('ownCgroup in a container with a private namespace is the root it sees', () => {
  const root = v2Root('/')
  const cgroup = ownCgroup({ root, proc: proc(`30 23 0:26 / ${root} ro - cgroup2 cgroup rw\n`, '0::/\n') })
  expect(cgroup.path).toBe('/')
  expect(cgroup.read()?.limits.pidsMax).toBe(64)
  cgroup.close()
})

test('ownCgroup on a host is where the process is', () => {
  const root = v2Root('/system.slice/lab.service')
  const cgroup = ownCgroup({ root, proc: proc(`30 23 0:26 / ${root} rw - cgroup2 cgroup2 rw\n`, '0::/system.slice/lab.service\n') })
  expect(cgroup.path).toBe('/system.slice/lab.service')
  expect(cgroup.read()?.limits.pidsMax).toBe(64)
  cgroup.close()
})

test('ownCgroup outside what the mount shows is refused, not mistaken for another', () => {
  const root = v2Root('/')
  const outside = proc(`30 23 0:26 / ${root} rw - cgroup2 cgroup2 rw\n`, '0::/../other\n')
  expect(() => ownCgroup({ root, proc: outside })).toThrow(`this process is in cgroup /../other, but ${root} shows only / and below`)
})

test('ownCgroup on v2 without a line of the unified hierarchy is refused', () => {
  const root = v2Root('/')
  expect(() => ownCgroup({ root, proc: proc('', '4:memory:/x\n') })).toThrow('names no cgroup of the unified hierarchy')
})

/**
 * As Docker mounts it on v1: the host's path in /proc/self/cgroup, the container's own directory at the mount point.
 */
test('ownCgroup in a v1 container translates the host\'s path through the root of the mount', () => {
  const path = `/docker/${idA}`
  const controllers = ['memory', 'cpu', 'cpuacct', 'pids', 'cpuset', 'blkio']
  const root = makeTree({})
  place(root, '/', 'v1/half-a-cpu-throttled')
  const real = '642e01b866ee1b7bbab6a59f9798a507aca1c15392de060fae258996416181b1'
  const inside = makeTree({})
  for (const controller of controllers) renameSync(join(root, controller, 'docker', real), join(inside, controller))
  const mountinfo = controllers.map(name => `233 232 0:29 ${path} ${inside}/${name} ro - cgroup cgroup rw,${name}\n`).join('')
  const cgroups = controllers.map((name, i) => `${i}:${name}:${path}\n`).join('')

  const cgroup = ownCgroup({ root: inside, proc: proc(mountinfo, cgroups) })
  const reading = cgroup.read()!
  expect(cgroup.path).toBe('/')
  expect([reading.version, reading.limits.memoryMaxBytes, reading.limits.pidsMax]).toEqual(['v1', 67108864, 64])
  expect(cgroup.effectiveLimits()?.memory).toEqual({ bytes: 67108864, from: 'own' })
  cgroup.close()
})

test("ownCgroup on v1 takes each controller's own path", () => {
  const root = makeTree({
    'memory/a/memory.limit_in_bytes': '4096\n',
    'pids/b/pids.max': '9\n',
    'cpu/cpu.shares': '1024\n'
  })
  const cgroup = ownCgroup({ root, proc: proc('', '1:cpu:/\n2:memory:/a\n3:pids:/b\n') })
  expect(cgroup.path).toBe('/a')
  expect(cgroup.read()?.limits).toMatchObject({ memoryMaxBytes: 4096, pidsMax: 9, cpuShares: 1024 })
  cgroup.close()
})

test('cgroupAt a path that climbs out of the root is refused', () => {
  expect(() => cgroupAt(v2Root('/'), '/a/../../etc')).toThrow('expected a path below')
})

test('cgroupAt a path without a leading slash finds it all the same', () => {
  const cgroup = cgroupAt(v2Root('/a'), 'a')
  expect(cgroup.path).toBe('/a')
  expect(cgroup.read()?.limits.pidsMax).toBe(64)
  cgroup.close()
})
