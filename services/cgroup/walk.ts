import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A directory that exists but may not be read: its owner has closed it, or its file system is broken. */
export interface ClosedDirectory {
  path: string
  error: NodeJS.ErrnoException
}

export type OnClosed = (directory: ClosedDirectory) => void

/**
 * Counts the processes in the cgroups below this one. Throws if one of them is closed, because a count without it would
 * be too low.
 */
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
 * The names of the cgroups one level down. There are none if the directory is gone or closed. A directory that cannot
 * be read must not spoil the walk of all others: it is reported and skipped, whatever the reason (EACCES, EPERM, EIO,
 * ELOOP, ENAMETOOLONG).
 */
export function subdirectories (path: string, onClosed: OnClosed): string[] {
  try {
    const entries = unlessGone(() => readdirSync(path, { withFileTypes: true })) ?? []
    return entries.filter(entry => entry.isDirectory()).map(entry => entry.name)
  } catch (error) {
    if (isReaderExhausted(error as NodeJS.ErrnoException)) throw error
    onClosed({ path, error: error as NodeJS.ErrnoException })
    return []
  }
}

/**
 * If this process has run out of descriptors or memory, the directory is not to blame: all others would seem to be
 * closed as well.
 */
function isReaderExhausted ({ code }: NodeJS.ErrnoException): boolean {
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
