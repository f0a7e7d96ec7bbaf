import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { controllerMounts, detectVersion } from '../../services/cgroup/mounts.ts'
import { CgroupTree, numbersIn } from './cgroup-tree.ts'
import { arePassedOn, missingIn, needed, passOn } from './controllers.ts'

/** Why there are no limits, in words for the person at the terminal. */
export interface NoTree { because: string }

/** A tree that may be written to, named `name`; nothing is made yet. */
export function openTree (name: string, root = '/sys/fs/cgroup', proc = '/proc'): CgroupTree | NoTree {
  if (!existsSync(root)) return { because: 'this system has no cgroups: limits need Linux' }
  return detectVersion(root) === 'v2' ? openV2(name, root, proc) : openV1(name, root)
}

function openV1 (name: string, root: string): CgroupTree | NoTree {
  const found = controllerMounts(root)
  const missing = needed.filter(controller => !found.has(controller))
  if (missing.length > 0) return { because: `the kernel has no cgroup controller ${missing.join(', ')} here` }
  const mounts = new Map([...needed, 'cpuacct' as const, 'blkio' as const].flatMap(controller => found.has(controller) ? [[controller, found.get(controller)!]] : []))
  // Pressure is counted in the unified hierarchy, where a hybrid host mounts one.
  if (existsSync(join(root, 'unified/cgroup.procs'))) mounts.set('unified' as never, join(root, 'unified'))
  const closed = [...mounts.values()].find(mount => !isWritable(mount))
  return closed === undefined ? new CgroupTree('v1', `/${name}`, mounts) : { because: `${closed} is not writable: on cgroup v1 that takes root` }
}

function openV2 (name: string, root: string, proc: string): CgroupTree | NoTree {
  const own = /^0::(.*)$/m.exec(readFileSync(join(proc, 'self/cgroup'), 'utf8'))?.[1] ?? '/'
  const mounts = new Map([['unified', root]])
  const faults: string[] = []
  for (const parent of new Set(['/', own])) {
    const fault = delegate(join(root, parent))
    if (fault === null) return new CgroupTree('v2', join(parent, name), mounts)
    faults.push(fault)
  }
  return { because: faults.at(-1)! }
}

/**
 * Lets the directories below have the controllers. The kernel's rule: a cgroup that gives controllers to those below must have no
 * process of its own (but for the root of the whole tree), so those that are in it, this one among them, go into one below. Kernel:
 * cgroup-v2.rst, "No Internal Process Constraint".
 */
function delegate (directory: string): string | null {
  const missing = missingIn(directory)
  if (missing.length > 0) return `${directory} has no controller ${missing.join(', ')}`
  if (!isWritable(join(directory, 'cgroup.subtree_control'))) return `${directory} is not writable`
  if (arePassedOn(directory)) return canMakeDirectory(directory)
  try {
    passOn(directory)
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'EBUSY') return `${directory}: ${(err as Error).message}`
    moveAside(directory)
    passOn(directory)
  }
  return canMakeDirectory(directory)
}

function moveAside (directory: string): void {
  const aside = join(directory, 'starter')
  mkdirSync(aside, { recursive: true })
  for (const pid of numbersIn(join(directory, 'cgroup.procs'))) {
    try {
      writeFileSync(join(aside, 'cgroup.procs'), String(pid))
    } catch {
      // It has ended, or it is the kernel's.
    }
  }
}

function canMakeDirectory (directory: string): string | null {
  const trial = join(directory, `limits-lab-trial-${process.pid}`)
  try {
    mkdirSync(trial)
    rmdirSync(trial)
    return null
  } catch (err) {
    return `${directory}: ${(err as Error).message}`
  }
}

function isWritable (path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}
