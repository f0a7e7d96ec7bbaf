import { expect, test } from '@jest/globals'
import { parseMountinfo, parseProcCgroup, pathBelow } from '#cgroup/proc.ts'

test('parseProcCgroup of a hybrid host has a path for each controller', () => {
  const text = '9:name=systemd:/init\n4:memory:/docker/x\n2:cpu,cpuacct:/docker/x/y\n0::/docker/x\n'
  expect(Object.fromEntries(parseProcCgroup(text))).toEqual({
    'name=systemd': '/init', memory: '/docker/x', cpu: '/docker/x/y', cpuacct: '/docker/x/y', unified: '/docker/x'
  })
})

test.each([
  ['a private namespace', '0::/\n', '/'],
  ['another namespace', '0::/../other\n', '/../other'],
  ['a removed cgroup', '0::/docker/x (deleted)\n', '/docker/x'],
  ['a colon in a name', '0::/a:b/c\n', '/a:b/c']
])('parseProcCgroup of %s', (_case, text, path) => {
  expect(parseProcCgroup(text).get('unified')).toBe(path)
})

test('parseMountinfo undoes the escapes of the kernel', () => {
  expect(parseMountinfo('36 35 98:0 / /mnt/a\\040b\\134c rw - ext4 /dev/root rw\n')).toEqual([{ root: '/', point: '/mnt/a b\\c' }])
})

test.each([
  ['the whole hierarchy is mounted', '/', '/docker/x', '/docker/x'],
  ['the process is in the root', '/', '/', '/'],
  ['only the own directory is mounted', '/docker/x', '/docker/x', '/'],
  ['the process is below it', '/docker/x', '/docker/x/child', '/child'],
  ['the name only begins alike', '/docker/x', '/docker/xy', null],
  ['the process is elsewhere', '/docker/x', '/', null],
  ['the process is outside the namespace', '/', '/../other', null],
  ['mount and process are outside the namespace', '/../..', '/../../other', '/other'],
  ['the process is outside both', '/../..', '/../../..', null]
])('pathBelow where %s', (_case, root, path, below) => {
  expect(pathBelow(root, path)).toBe(below)
})
