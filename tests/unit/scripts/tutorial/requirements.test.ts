import { expect, test } from '@jest/globals'
import { missing, unknownNeeds, type Machine } from '#scripts/tutorial/requirements.ts'

const machine: Machine = { isRoot: false, cgroup: 'v1', succeeds: async () => false }

test.each([
  ['root', 'it needs root'],
  ['cgroup-v2', 'it needs cgroup v2, and this machine has v1'],
  ['namespaces', 'this user may not make namespaces (unshare --user)'],
  ['busybox', 'busybox is not installed']
])('a machine without %s says why', async (name, reason) => {
  expect(await missing([name], machine)).toBe(reason)
})

test('a machine that has all of them misses nothing', async () => {
  const all: Machine = { isRoot: true, cgroup: 'v2', succeeds: async () => true }
  expect(await missing(['root', 'cgroup-v2', 'namespaces', 'busybox'], all)).toBeNull()
  expect(await missing([], machine)).toBeNull()
})

test('all reasons are given', async () => {
  expect(await missing(['root', 'busybox', 'cgroup-v1'], machine)).toBe('it needs root; busybox is not installed')
})

test('a requirement that nobody knows is a problem of the file', async () => {
  const meta = { kind: 'chapter' as const, line: 1, minutes: 10, needs: ['root', 'rooot'] }
  expect(unknownNeeds({ path: 'tutorial/01-x.md', meta })).toEqual([
    { path: 'tutorial/01-x.md', line: 1, message: expect.stringContaining('unknown requirement "rooot"; there are root,'), details: [] }
  ])
  await expect(missing(['rooot'], machine)).rejects.toThrow('unknown requirement')
})
