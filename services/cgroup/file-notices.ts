/**
 * On cgroup v2 the kernel says when `memory.events` has changed: it raises a file modified event (inotify), at most one
 * in 10 ms for each file, and also where the hierarchy is mounted read-only. So nobody has to look again and again. On
 * v1 the kernel says it only to those who may write to `cgroup.event_control`.
 *
 * Documentation/admin-guide/cgroup-v2.rst, "Conventions" and "memory.events"; kernel/cgroup/cgroup.c,
 * cgroup_file_notify.
 */
import { watch } from 'node:fs'
import { join } from 'node:path'

export interface Notices { close: () => void }

/**
 * Calls `onNotice` whenever `memory.events` of a cgroup has changed, and perhaps once when the cgroup is removed. This
 * is about the directory that is under the path now, not about a later one. `null`: there is no such file.
 *
 * @throws if the kernel allows no further watch (ENOSPC, EMFILE)
 */
export function memoryNotices (root: string, path: string, onNotice: () => void): Notices | null {
  try {
    const watcher = watch(join(root, path, 'memory.events'), { persistent: false }, onNotice)
    // Without a listener the error would end the process. What was watched is gone then.
    watcher.on('error', onNotice)
    return { close: () => watcher.close() }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
