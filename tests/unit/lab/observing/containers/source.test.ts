import { afterEach, expect, test } from '@jest/globals'
import { containerSource, versionOf } from '#lab/observing/containers/source.ts'
import { capturedLog } from '#support/captured-log.ts'
import { idA, makeTree, removeTrees } from '#support/cgroup-tree.ts'

afterEach(removeTrees)

const settings = (cgroupRoot: string, cgroup = '') =>
  ({ cgroupRoot, cgroup, services: ['api'], project: '', attached: null })

test.each([
  ['is not there', () => '/no/such/root', 'there is no /no/such/root, where cgroups would be mounted'],
  ['is an empty directory, as an engine makes one for a mount of nothing', () => makeTree({}), 'holds no cgroup']
])('case 14: a tree that %s has no version and no containers, and the log says so once', (_case, root, reason) => {
  const { log, lines } = capturedLog()
  const path = root()
  const version = versionOf(path, log)
  expect([version, containerSource(settings(path), version, log)]).toEqual([null, null])
  expect(lines).toEqual([expect.objectContaining({ level: 'warn', msg: 'no cgroups are seen, so nothing is measured', reason: expect.stringContaining(reason) })])
})

test('a tree without a cgroup of the services has a version, and no containers are looked for', () => {
  const { log, lines } = capturedLog()
  const root = makeTree({ 'cgroup.controllers': '', [`docker/${idA}/cgroup.procs`]: '1\n' })
  expect([versionOf(root, log), containerSource(settings(root, 'none'), 'v2', log), lines]).toEqual(['v2', null, []])
})

test('containers are found by their ids, or by their names where those are given', async () => {
  const { log } = capturedLog()
  const root = makeTree({
    'cgroup.controllers': '',
    [`docker/${idA}/cgroup.procs`]: '1\n',
    'lab/lab-api-1/cgroup.procs': '2\n'
  })
  expect(containerSource(settings(root), 'v2', log)?.list()).toEqual([{ id: idA, path: `/docker/${idA}` }])
  const named = containerSource(settings(root, '/lab'), 'v2', log)!
  expect([named.list(), await named.identify('lab-api-1')]).toEqual([[{ id: 'lab-api-1', path: '/lab/lab-api-1' }], expect.objectContaining({ service: 'api' })])
})
