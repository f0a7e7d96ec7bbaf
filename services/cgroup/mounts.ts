/**
 * How cgroups are mounted. The root is usually /sys/fs/cgroup and one of
 *
 *     v2       a cgroup2 file system
 *     v1       a tmpfs with a mounted directory for each controller: memory, pids, cpu,cpuacct …
 *     hybrid   the same, and `unified`, a cgroup2 file system without controllers
 *
 * `/proc/cgroups` is no help: it knows v1 only. Documentation/admin-guide/cgroup-v2.rst, "Mounting".
 */
import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { CgroupVersion } from './reading.ts'

/* How statfs names the kernel's cgroup file systems. include/uapi/linux/magic.h */
const CGROUP2_SUPER_MAGIC = 0x63677270
const CGROUP_SUPER_MAGIC = 0x27e0eb

export const controllers = ['memory', 'cpu', 'cpuacct', 'pids', 'cpuset', 'blkio', 'unified'] as const
export type Controller = typeof controllers[number]

/**
 * Where one controller's directory of the cgroup is: below a mount point of its own, and under a path that may differ
 * from the other controllers' paths.
 */
export interface ControllerDirectory {
  mount: string
  path: string
}
export type ControllerDirectories = Partial<Record<Controller, ControllerDirectory>>

/** Throws when there is nothing under `root`, or one v1 controller alone. */
export function detectVersion (root: string): CgroupVersion {
  if (statSync(root, { throwIfNoEntry: false }) === undefined) throw new Error(`there is no ${root}, where cgroups would be mounted`)
  const magic = statfsSync(root).type
  if (magic === CGROUP_SUPER_MAGIC) throw new Error(`${root} is one cgroup v1 controller; give the directory above it`)
  if (isUnified(root)) return 'v2'
  return isUnified(join(root, 'unified')) ? 'hybrid' : 'v1'
}

/**
 * Checks the file system, or a file that every cgroup2 directory has: a copy or a FUSE mount has a different magic
 * number.
 */
function isUnified (path: string): boolean {
  if (!existsSync(path)) return false
  return statfsSync(path).type === CGROUP2_SUPER_MAGIC || existsSync(join(path, 'cgroup.controllers'))
}

/**
 * Controller → its directory. A directory may hold two (`cpu,cpuacct` or `cpuacct,cpu`), usually with links `cpu` and
 * `cpuacct` beside it: the directory is preferred, because it is what mountinfo names.
 */
export function controllerMounts (root: string): Map<Controller, string> {
  const mounts = new Map<Controller, string>()
  const names = readdirSync(root).sort((a, b) => a.split(',').length - b.split(',').length)
  for (const name of names) {
    for (const controller of name.split(',')) {
      if (isController(controller)) mounts.set(controller, join(root, name))
    }
  }
  if (mounts.size === 0) throw new Error(`${root} holds no cgroup: neither cgroup.controllers (v2) nor a directory of a controller (v1)`)
  return mounts
}

function isController (name: string): name is Controller {
  return (controllers as readonly string[]).includes(name)
}

/** `type` is what statfs gives. */
export function isCgroupFs (type: number): boolean {
  return type === CGROUP2_SUPER_MAGIC || type === CGROUP_SUPER_MAGIC
}
