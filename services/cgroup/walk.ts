import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A directory that is there and may not be looked into: it belongs to somebody who closed it, or its file system is
 * broken.
 */
export interface ClosedDirectory {
  path: string
  error: NodeJS.ErrnoException
}

export type OnClosed = (directory: ClosedDirectory) => void

/** Processes in the cgroups below this one. Throws where one of them is closed: a count without it would be too low. */
export function processesBelow (path: string): number {
  let count = 0
  for (const name of subdirectories(path, refuse)) {
    const below = join(path, name)
    count += countLines(join(below, 'cgroup.procs')) + processesBelow(below)
  }
  return count
}

function refuse ({ error }: ClosedDirectory): void {
  throw error
}

function countLines (path: string): number {
  return unlessGone(() => readFileSync(path, 'latin1').split('\n').length - 1) ?? 0
}

/**
 * Names of the cgroups one level down; none if the directory is gone, or closed. One that cannot be read says nothing
 * of all the others: it is told, and passed over. That goes for every reason there may be: EACCES, EPERM, EIO, ELOOP,
 * ENAMETOOLONG.
 */
export function subdirectories (path: string, onClosed: OnClosed): string[] {
  try {
    const entries = unlessGone(() => readdirSync(path, { withFileTypes: true })) ?? []
    return entries.filter(entry => entry.isDirectory()).map(entry => entry.name)
  } catch (error) {
    if (isOfReader(error as NodeJS.ErrnoException)) throw error
    onClosed({ path, error: error as NodeJS.ErrnoException })
    return []
  }
}

/**
 * That this process has no descriptor left, or no memory, is no property of the directory: all others would seem to be
 * closed as well.
 */
function isOfReader ({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EMFILE' || code === 'ENFILE' || code === 'ENOMEM'
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
