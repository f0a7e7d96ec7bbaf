/**
 * What `/proc/self` says about cgroups.
 *
 *     /proc/self/cgroup      0::/system.slice/docker-<id>.scope              v2, and the unified part of a hybrid host
 *                            4:memory:/docker/<id>                           v1: number, controllers, path
 *     /proc/self/mountinfo   236 232 0:32 /docker/<id> /sys/fs/cgroup/memory ro,nosuid - cgroup cgroup rw,memory
 *                                         root         mount point
 *
 * A mount may show only a part of a hierarchy: its root is the path that appears at the mount point.
 * cgroup_namespaces(7), proc_pid_mountinfo(5).
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Mount {
  root: string
  point: string
}

/** Controller → path of this process in it. The unified hierarchy has the name `unified` here. */
export function readOwnPaths (proc: string): Map<string, string> {
  return parseProcCgroup(readFileSync(join(proc, 'self/cgroup'), 'utf8'))
}

export function parseProcCgroup (text: string): Map<string, string> {
  const paths = new Map<string, string>()
  for (const line of text.split('\n')) {
    const match = /^\d+:([^:]*):(\/.*)$/.exec(line)
    if (match === null) continue
    // The cgroup was removed while a process is still in it.
    const path = match[2]!.replace(/ \(deleted\)$/, '')
    for (const name of match[1]!.split(',')) paths.set(name === '' ? 'unified' : name, path)
  }
  return paths
}

export function readMounts (proc: string): Mount[] {
  return parseMountinfo(readFileSync(join(proc, 'self/mountinfo'), 'utf8'))
}

export function parseMountinfo (text: string): Mount[] {
  return text.split('\n').filter(line => line !== '').map(line => {
    const [, , , root = '', point = ''] = line.split(' ')
    return { root: unescape(root), point: unescape(point) }
  })
}

/** The kernel writes space, tab, newline and backslash as `\040`, `\011`, `\012`, `\134`. */
function unescape (path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_match, octal: string) => String.fromCharCode(parseInt(octal, 8)))
}

/**
 * Where a path of the hierarchy appears below a mount whose root is `mountRoot`. Both come from the same cgroup
 * namespace, so a path outside it begins with `/..` in both, and their common beginning can be dropped. `null` means
 * that the mount does not show the path.
 */
export function pathBelow (mountRoot: string, path: string): string | null {
  const root = mountRoot === '/' ? '' : mountRoot
  if (path !== root && !path.startsWith(`${root}/`)) return null
  const below = path.slice(root.length) || '/'
  return below.split('/').includes('..') ? null : below
}
