import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The limits need these. */
export const needed = ['memory', 'cpu', 'pids'] as const
/** These only add to what can be seen: bytes read and written, the CPUs that may be used. */
const optional = ['io', 'cpuset'] as const

export function missingIn (directory: string): string[] {
  const available = wordsIn(join(directory, 'cgroup.controllers'))
  return needed.filter(controller => !available.includes(controller))
}

/** Whether the directories below this one have the controllers that they need. */
export function isDelegated (directory: string): boolean {
  const delegated = wordsIn(join(directory, 'cgroup.subtree_control'))
  return needed.every(controller => delegated.includes(controller))
}

/**
 * Enables the controllers for the directories below this one. Each level has to do so: a cgroup has only the
 * controllers that its parent enables for it. Kernel: cgroup-v2.rst, "Enabling and Disabling".
 */
export function delegate (directory: string): void {
  const available = wordsIn(join(directory, 'cgroup.controllers'))
  const wanted = [...needed, ...optional.filter(controller => available.includes(controller))]
  writeFileSync(join(directory, 'cgroup.subtree_control'), wanted.map(controller => `+${controller}`).join(' '))
}

function wordsIn (path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ') : []
}
