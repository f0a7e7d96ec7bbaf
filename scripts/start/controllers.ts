import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Without these a limit is none. */
export const needed = ['memory', 'cpu', 'pids'] as const
/** They add to what can be seen: bytes read and written, the CPUs that may be used. */
const welcome = ['io', 'cpuset'] as const

export function missingIn (directory: string): string[] {
  const available = wordsIn(join(directory, 'cgroup.controllers'))
  return needed.filter(controller => !available.includes(controller))
}

/** Do the directories below this one have what they need? */
export function arePassedOn (directory: string): boolean {
  const passedOn = wordsIn(join(directory, 'cgroup.subtree_control'))
  return needed.every(controller => passedOn.includes(controller))
}

/**
 * Lets the directories below this one have the controllers: a cgroup has those only that the one above it passes on,
 * level by level. Kernel: cgroup-v2.rst, "Enabling and Disabling".
 */
export function passOn (directory: string): void {
  const available = wordsIn(join(directory, 'cgroup.controllers'))
  const wanted = [...needed, ...welcome.filter(controller => available.includes(controller))]
  writeFileSync(join(directory, 'cgroup.subtree_control'), wanted.map(controller => `+${controller}`).join(' '))
}

function wordsIn (path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ') : []
}
