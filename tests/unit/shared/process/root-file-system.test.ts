import { expect, test } from '@jest/globals'
import { parseRoot } from '#shared/process/root-file-system.ts'

const overlay = '1523 1392 0:54 / / ro,relatime master:523 - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/A,upperdir=/var/lib/docker/overlay2/b/diff'
const proc = '1524 1523 0:57 / /proc rw,nosuid - proc proc rw'

test('the root of a container is the mount at /, without the directories of the host that its line names', () => {
  expect(parseRoot(`${overlay}\n${proc}\n`, 42)).toEqual({
    device: '0:54',
    inode: 42,
    type: 'overlay',
    isReadOnly: true
  })
})

test('a mount that may be written is not read-only because what is mounted is named so', () => {
  const line = '29 1 254:0 / / rw,noatime shared:1 - ext4 /dev/root ro,errors=remount-ro'
  expect(parseRoot(line, 2)).toEqual({ device: '254:0', inode: 2, type: 'ext4', isReadOnly: false })
})

test('of several mounts at / the last one is seen', () => {
  expect(parseRoot(`1 1 0:2 / / rw - rootfs rootfs rw\n${overlay}`, 1)?.type).toBe('overlay')
})

test('without a mount at / there is no answer', () => {
  expect(parseRoot(proc, 1)).toBeNull()
})
