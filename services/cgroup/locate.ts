import { join } from 'node:path'
import type { Cgroup } from './cgroup.ts'
import { ignoreFaults, type OnFault } from './fault.ts'
import { controllerMounts, detectVersion } from './mounts.ts'
import type { ControllerDirectories } from './mounts.ts'
import { pathBelow, readMounts, readOwnPaths, type Mount } from './proc.ts'
import { CgroupV1 } from './v1.ts'
import { CgroupV2 } from './v2.ts'

export interface Where {
  /** Where cgroups are mounted. */
  root?: string
  proc?: string
}

/**
 * This process cannot see its own cgroup: none is mounted, it may not be entered, or the mount shows other cgroups. So
 * nothing can be measured.
 */
export class NoCgroup extends Error {
  override name = 'NoCgroup'
}

/**
 * The cgroup of this process, as far as it is allowed to see. In a container that is usually `/`: a private cgroup
 * namespace (v2) or a mount of only its own directory (v1) shows nothing above.
 *
 * @throws NoCgroup also if the process is outside what `root` shows
 */
export function ownCgroup (
  { root = '/sys/fs/cgroup', proc = '/proc' }: Where = {},
  onFault: OnFault = ignoreFaults
): Cgroup {
  try {
    return findOwn(root, proc, onFault)
  } catch (error) {
    throw new NoCgroup((error as Error).message, { cause: error })
  }
}

function findOwn (root: string, proc: string, onFault: OnFault): Cgroup {
  const version = detectVersion(root)
  const paths = readOwnPaths(proc)
  const mounts = readMounts(proc)
  if (version === 'v2') return new CgroupV2(root, visiblePath(mounts, root, paths.get('unified')), proc, onFault)

  const places: ControllerDirectories = {}
  for (const [controller, mount] of controllerMounts(root)) {
    const path = paths.get(controller)
    // /proc/self/cgroup does not list every controller: `unified` is missing on hosts that mount it for systemd alone.
    if (path !== undefined) places[controller] = { mount, path: visiblePath(mounts, mount, path) }
  }
  return new CgroupV1(places, proc, onFault)
}

/**
 * The cgroup under `path` of any tree, for example of the host's, mounted at /host/sys/fs/cgroup. It is not checked
 * that it exists: a cgroup that is missing reads as `null`.
 */
export function cgroupAt (root: string, path: string, proc = '/proc', onFault: OnFault = ignoreFaults): Cgroup {
  if (path.split('/').includes('..')) throw new Error(`expected a path below ${root}, got ${JSON.stringify(path)}`)
  const absolute = join('/', path)
  if (detectVersion(root) === 'v2') return new CgroupV2(root, absolute, proc, onFault)

  const places: ControllerDirectories = {}
  for (const [controller, mount] of controllerMounts(root)) places[controller] = { mount, path: absolute }
  return new CgroupV1(places, proc, onFault)
}

/** Of several mounts over one point the last one is visible. */
function visiblePath (mounts: Mount[], point: string, path: string | undefined): string {
  if (path === undefined) throw new Error('/proc/self/cgroup names no cgroup of the unified hierarchy')
  const mountRoot = mounts.findLast(mount => mount.point === point)?.root ?? '/'
  const below = pathBelow(mountRoot, path)
  if (below === null) throw new Error(`this process is in cgroup ${path}, but ${point} shows only ${mountRoot} and below`)
  return below
}
