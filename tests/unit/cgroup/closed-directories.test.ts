import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { listContainers } from '#cgroup/containers.ts'
import { CgroupV2 } from '#cgroup/v2.ts'
import type { ClosedDirectory } from '#cgroup/walk.ts'
import { asUser } from '#support/as-user.ts'
import { idA, idB, makeTree, place, removeTrees, write } from '#support/cgroup-tree.ts'

const closed: string[] = []

afterEach(() => {
  for (const path of closed.splice(0)) chmodSync(path, 0o755)
  removeTrees()
})

/** A root that others may enter, which is no matter of course for a temporary directory. */
function openTree (files: Record<string, string | null>): string {
  const root = makeTree(files)
  chmodSync(root, 0o755)
  return root
}

/**
 * A user's systemd makes its cgroups under that user's umask. Here no user at all may enter, so that the test needs no
 * user of its own.
 */
function close (root: string, path: string, mode = 0o000): string {
  const directory = join(root, path)
  mkdirSync(directory, { recursive: true })
  chmodSync(directory, mode)
  closed.push(directory)
  return directory
}

function walk (root: string) {
  const met: ClosedDirectory[] = []
  const containers = asUser(() => listContainers(root, directory => met.push(directory)))
  return {
    paths: containers.map(({ path }) => path),
    closed: met.map(({ path }) => path),
    reasons: met.map(({ error }) => error.code)
  }
}

const appSlice = 'user.slice/user-1001.slice/user@1001.service/app.slice'

test('case 05: a closed directory hides no container, and is reported with its path', () => {
  const root = openTree({
    'cgroup.controllers': 'cpu memory pids\n',
    [`system.slice/docker-${idA}.scope`]: null,
    [`${appSlice}/some.service`]: null
  })
  const slice = close(root, appSlice)
  expect(walk(root)).toEqual({ paths: [`/system.slice/docker-${idA}.scope`], closed: [slice], reasons: ['EACCES'] })
})

test('case 05: without a listener, a closed directory hides no container either', () => {
  const root = openTree({
    'cgroup.controllers': 'cpu memory pids\n',
    [`system.slice/docker-${idA}.scope`]: null,
    [`${appSlice}/some.service`]: null
  })
  close(root, appSlice)
  expect(asUser(() => listContainers(root))).toHaveLength(1)
})

test('case 05, on v1: a closed directory of the controller that is walked hides no container', () => {
  const root = openTree({ [`memory/docker/${idA}/tasks`]: '', 'memory/user/somebody/tasks': '' })
  const user = close(root, 'memory/user')
  expect(walk(root)).toMatchObject({ paths: [`/docker/${idA}`], closed: [user] })
})

test('case 05, several directories: each closed one is reported, and the containers in the others are found', () => {
  const root = openTree({ 'cgroup.controllers': '', [`b/docker-${idA}.scope`]: null, [`d/docker-${idB}.scope`]: null, 'a/x': null, 'c/x': null })
  const both = [close(root, 'a'), close(root, 'c')]
  const { paths, closed } = walk(root)
  expect(paths.sort()).toEqual([`/b/docker-${idA}.scope`, `/d/docker-${idB}.scope`])
  expect(closed.sort()).toEqual(both)
})

test('case 05, a directory that may be listed and not entered: its containers are known by their names', () => {
  const root = openTree({
    'cgroup.controllers': '',
    [`docker/${idA}/inner`]: null,
    [`other/docker-${idB}.scope`]: null
  })
  close(root, 'docker', 0o744)
  const { paths, closed } = walk(root)
  expect(paths.sort()).toEqual([`/docker/${idA}`, `/other/docker-${idB}.scope`])
  expect(closed).toEqual([join(root, 'docker', idA)])
})

test('case 05, a closed container: it is found by its name, and reading it fails with its path', () => {
  const root = openTree({ 'cgroup.controllers': '' })
  place(root, `/docker/${idA}`, 'v2/half-a-cpu-throttled')
  const container = close(root, `docker/${idA}`)
  expect(walk(root).paths).toEqual([`/docker/${idA}`])
  expect(() => asUser(() => new CgroupV2(root, `/docker/${idA}`).read())).toThrow(`EACCES: permission denied, open '${container}'`)
})

test('case 05, a container under a directory that was closed later: it is not taken for one that has gone', () => {
  const root = openTree({ 'cgroup.controllers': '' })
  place(root, `/docker/${idA}`, 'v2/half-a-cpu-throttled')
  close(root, 'docker')
  expect(() => asUser(() => new CgroupV2(root, `/docker/${idA}`).read())).toThrow('EACCES')
})

test('a closed cgroup below a container leaves the number of its processes unknown, not too low', () => {
  const root = openTree({ 'cgroup.controllers': '' })
  place(root, `/docker/${idA}`, 'v2/quarter-cpu-calm')
  write(root, `docker/${idA}/inner/cgroup.procs`, '7\n')
  const inner = close(root, `docker/${idA}/inner`)
  const faults: string[] = []
  const cgroup = new CgroupV2(root, `/docker/${idA}`, '/proc', ({ error }) => { faults.push(error.message) })
  const reading = asUser(() => cgroup.read())
  cgroup.close()
  expect(reading?.pids).toMatchObject({ current: 6, processes: null })
  expect(faults).toEqual([expect.stringContaining(inner)])
})
