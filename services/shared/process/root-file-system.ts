import { readFileSync, statSync } from 'node:fs'

/** The root file system of this process. */
export interface RootFileSystem {
  /** `0:54`: its device number, which the kernel gave to this one mount. */
  device: string
  inode: number
  /** `overlay` for a container of most engines. */
  type: string
  isReadOnly: boolean
}

/** `null`: /proc is missing. */
export function rootFileSystem (): RootFileSystem | null {
  try {
    return parseRoot(readFileSync('/proc/self/mountinfo', 'utf8'), statSync('/').ino)
  } catch {
    return null
  }
}

/**
 *     1523 1392 0:54 / / ro,relatime master:523 - overlay overlay rw,lowerdir=…
 *               device  point              optional, then the type
 *
 * Read-only is a property of the mount, not of the file system. The rest of the line is not returned, because it names
 * directories of the host. proc_pid_mountinfo(5).
 */
export function parseRoot (mountinfo: string, inode: number): RootFileSystem | null {
  const line = mountinfo.split('\n').findLast(line => line.split(' ')[4] === '/')
  if (line === undefined) return null
  const [, , device = '', , , options = ''] = line.split(' ')
  const type = line.split(' - ')[1]?.split(' ')[0] ?? ''
  return { device, inode, type, isReadOnly: options.split(',').includes('ro') }
}
