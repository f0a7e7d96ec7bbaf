import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Processes in the cgroups below this one. */
export function processesBelow (path: string): number {
  let count = 0
  for (const name of subdirectories(path)) {
    const below = join(path, name)
    count += countLines(join(below, 'cgroup.procs')) + processesBelow(below)
  }
  return count
}

function countLines (path: string): number {
  return unlessGone(() => readFileSync(path, 'latin1').split('\n').length - 1) ?? 0
}

/** Names of the cgroups one level down; none if the directory is gone. */
export function subdirectories (path: string): string[] {
  const entries = unlessGone(() => readdirSync(path, { withFileTypes: true })) ?? []
  return entries.filter(entry => entry.isDirectory()).map(entry => entry.name)
}

/** Cgroups come and go during a walk; a threaded one answers EOPNOTSUPP for its processes. Neither is an error. */
function unlessGone<T> (look: () => T): T | null {
  try {
    return look()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENODEV' || code === 'ENOTSUP' || code === 'EOPNOTSUPP') return null
    throw error
  }
}
