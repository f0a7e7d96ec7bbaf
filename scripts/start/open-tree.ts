import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { controllerMounts, detectVersion } from '#cgroup/mounts.ts'
import { CgroupTree } from './cgroup-tree.ts'
import { delegate, isDelegated, missingIn, needed } from './controllers.ts'
import { kinOf } from './process-identity.ts'
import { checkProjectName } from './settings.ts'

/** Why there are no limits, in words for the user at the terminal. */
export interface NoTree { because: string }

/**
 * A tree named `name` that may be written to; nothing is made yet.
 * @throws ConfigError for a name that Compose would refuse, too
 */
export function openTree (name: string, root = '/sys/fs/cgroup', proc = '/proc'): CgroupTree | NoTree {
  checkProjectName(name)
  if (!existsSync(root)) return { because: `this system has no cgroups: there is no ${root}` }
  try {
    return detectVersion(root) === 'v2' ? openV2(name, root, proc) : openV1(name, root)
  } catch (err) {
    return { because: (err as Error).message }
  }
}

function openV1 (name: string, root: string): CgroupTree | NoTree {
  const found = controllerMounts(root)
  const missing = needed.filter(controller => !found.has(controller))
  if (missing.length > 0) return { because: `the kernel has no cgroup controller ${missing.join(', ')} here` }
  const wanted = [...needed, 'cpuacct', 'blkio'] as const
  const mounts = new Map(wanted.filter(controller => found.has(controller))
    .map(controller => [controller as string, found.get(controller)!]))
  // Pressure is counted in the unified hierarchy, if a hybrid host mounts one.
  if (existsSync(join(root, 'unified/cgroup.procs'))) mounts.set('unified', join(root, 'unified'))
  const closed = [...mounts.values()].find(mount => !isWritable(mount))
  if (closed === undefined) return new CgroupTree('v1', `/${name}`, mounts)
  return { because: `${closed} is not writable: on cgroup v1 that needs root` }
}

function openV2 (name: string, root: string, proc: string): CgroupTree | NoTree {
  const own = /^0::(.*)$/m.exec(readFileSync(join(proc, 'self/cgroup'), 'utf8'))?.[1] ?? '/'
  const mounts = new Map([['unified', root]])
  const faults: string[] = []
  for (const parent of new Set(['/', own])) {
    const fault = tryToDelegate(join(root, parent))
    if (fault === null) return new CgroupTree('v2', join(parent, name), mounts)
    faults.push(fault)
  }
  return { because: faults.at(-1)! }
}

/**
 * Enables the controllers for the directories below. Returns why that is not possible, or `null`. By the kernel's rule
 * a cgroup that does so must not hold processes itself (except for the root of the tree), so this process and those
 * that started it move into a cgroup below. Kernel: cgroup-v2.rst, "No Internal Process Constraint".
 */
function tryToDelegate (directory: string): string | null {
  const missing = missingIn(directory)
  if (missing.length > 0) return `${directory} has no controller ${missing.join(', ')}`
  if (!isWritable(join(directory, 'cgroup.subtree_control'))) return `${directory} is not writable`
  if (isDelegated(directory)) return canMakeDirectory(directory)
  try {
    delegate(directory)
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'EBUSY') return `${directory}: ${(err as Error).message}`
    const inIt = readFileSync(join(directory, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number)
    const others = inIt.filter(pid => !isOfThisStart(pid))
    if (others.length > 0) return `${directory} holds processes that npm start may not move (${others.slice(0, 5).join(', ')})`
    moveAside(directory, inIt)
    delegate(directory)
  }
  return canMakeDirectory(directory)
}

/**
 * Whether it is this process, one that started it (npm, a shell), or one of the same command line (`npm start | tee
 * log`).
 */
function isOfThisStart (pid: number): boolean {
  return kinOf(pid)?.group === kinOf(process.pid)!.group || ancestorsOf(process.pid).includes(pid)
}

function ancestorsOf (pid: number): number[] {
  const parent = kinOf(pid)?.parent ?? 0
  return parent === 0 ? [pid] : [pid, ...ancestorsOf(parent)]
}

function moveAside (directory: string, pids: number[]): void {
  const aside = join(directory, 'starter')
  mkdirSync(aside, { recursive: true })
  for (const pid of pids) {
    try {
      writeFileSync(join(aside, 'cgroup.procs'), String(pid))
    } catch {
      // The process has ended meanwhile.
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
