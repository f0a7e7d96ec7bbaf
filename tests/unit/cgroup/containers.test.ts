import { afterEach, expect, test } from '@jest/globals'
import { containerIdOf, listContainers, ownContainerId } from '#cgroup/containers.ts'
import { idA, idB, makeTree, procOfHost, removeTrees } from '#support/cgroup-tree.ts'

afterEach(removeTrees)

test.each([
  ['Docker, cgroupfs', `/docker/${idA}`],
  ['Docker, systemd', `/system.slice/docker-${idA}.scope`],
  ['Docker with a parent', `/lab.slice/lab-demo.slice/docker-${idA}.scope`],
  ['rootless Docker', `/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${idA}.scope`],
  ['Podman', `/machine.slice/libpod-${idA}.scope/container`],
  ['Kubernetes, cgroupfs', `/kubepods/burstable/pod0f1e/${idA}`],
  ['Kubernetes, systemd', `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0_f1.slice/cri-containerd-${idA}.scope`],
  ['CRI-O', `/kubepods.slice/crio-${idA}.scope/container`],
  ['containerd, old spelling', `/system.slice/kubepods-pod0f1e.slice:cri-containerd:${idA}`],
  ['nerdctl', `/default/${idA}`],
  ['Docker in Docker: the inner one', `/docker/${idB}/docker/${idA}`]
])('containerIdOf a path of %s', (_engine, path) => {
  expect(containerIdOf(path)).toBe(idA)
})

test.each([
  '/',
  '/system.slice/docker.service',
  `/machine.slice/libpod-conmon-${idA}.scope`,
  `/system.slice/docker-${idA}.mount`,
  '/docker/buildkit/x1y2z3',
  '/kubepods/pod0f1e',
  `/docker/${idA.slice(1)}`,
  `/docker/${idA}f`,
  `/docker/${idA.toUpperCase()}`
])('containerIdOf %s is null', path => {
  expect(containerIdOf(path)).toBeNull()
})

test('listContainers on v2 finds them at any depth', () => {
  const root = makeTree({
    'cgroup.controllers': 'cpu memory pids\n',
    'init.scope/cgroup.procs': '1\n',
    [`system.slice/docker-${idA}.scope/cgroup.procs`]: '2\n',
    [`machine.slice/libpod-${idB}.scope/container/cgroup.procs`]: '3\n'
  })
  const byId = listContainers(root).sort((a, b) => a.id.localeCompare(b.id))
  expect(byId).toEqual([
    { id: idA, path: `/system.slice/docker-${idA}.scope` },
    { id: idB, path: `/machine.slice/libpod-${idB}.scope` }
  ])
})

test('listContainers on v1 walks the memory controller only', () => {
  const root = makeTree({ [`memory/docker/${idA}/tasks`]: '', [`cpu/docker/${idB}/tasks`]: '' })
  expect(listContainers(root)).toEqual([{ id: idA, path: `/docker/${idA}` }])
})

test('listContainers with Docker in Docker has the outer and the inner one', () => {
  const root = makeTree({ [`memory/docker/${idA}/docker/${idB}/tasks`]: '' })
  expect(listContainers(root).map(({ path }) => path)).toEqual([`/docker/${idA}`, `/docker/${idA}/docker/${idB}`])
})

test('listContainers with one id twice in a path has the lower directory', () => {
  const root = makeTree({ [`memory/docker/${idA}/docker/${idA}/tasks`]: '' })
  expect(listContainers(root)).toEqual([{ id: idA, path: `/docker/${idA}/docker/${idA}` }])
})

test('listContainers of a host without any is empty', () => {
  expect(listContainers(makeTree({ 'cgroup.controllers': '', 'init.scope/cgroup.procs': '' }))).toEqual([])
})

const hostname = (root: string) => `245 227 254:0 ${root} /etc/hostname rw,relatime - ext4 /dev/vda rw\n`

test.each([
  ['Docker mounts over /etc/hostname', { 'self/mountinfo': hostname(`/var/lib/docker/containers/${idA}/hostname`) }, idA],
  ['Podman does', { 'self/mountinfo': hostname(`/var/lib/containers/storage/overlay-containers/${idA}/userdata/hostname`) }, idA],
  ['only the cgroup path says', { 'self/cgroup': `4:memory:/docker/${idA}\n` }, idA],
  ['only the host name says', { 'sys/kernel/hostname': '94981e0d9b63\n' }, '94981e0d9b63'],
  ['nothing says: a host', {}, null]
])('ownContainerId where %s', (_case, files, id) => {
  expect(ownContainerId({ proc: makeTree({ ...procOfHost, ...files }) })).toBe(id)
})
