/**
 * The pids controller has the same files on v1 and v2. It counts tasks, that is threads: an idle Node process has about
 * ten.
 *
 *     pids.current    7
 *     pids.peak       11              newer kernels
 *     pids.events     max 0           forks refused
 *
 * On v2 there is also this file, with or without the controller:
 *
 *     cgroup.events   populated 1     some process is in it, or below
 *
 * Documentation/admin-guide/cgroup-v2.rst, "PID"; cgroup-v1/pids.rst.
 */
import type { Extent } from './cgroup.ts'
import type { Directory } from './directory.ts'
import { parseCount, valueOf } from './parse.ts'
import type { PidsUsage } from './reading.ts'

/**
 * A fork is refused at the cgroup whose limit was hit, which may be one above. `home` is the directory whose processes
 * are counted; on v1 that needs no pids controller.
 */
export function pidsUsage (pids: Directory | undefined, home: Directory, extent: Extent): PidsUsage {
  const current = pids?.read('pids.current', parseCount) ?? null
  if (extent === 'core') return { current, peak: null, limitHits: null, processes: null }
  return {
    current,
    peak: pids?.read('pids.peak', parseCount) ?? null,
    limitHits: pids?.read('pids.events', parseLimitHits) ?? null,
    processes: extent === 'full' ? visible(home.processes(), current) : null
  }
}

/**
 * If there is no task there is no process, so no other file has to be read. Without the controller v2 has a file of its
 * own for this, and v1 has none: `cgroup.procs` may look empty from another pid namespace, so it is no evidence.
 */
export function isPopulated ({ current }: PidsUsage, unified: Directory | null): boolean | null {
  return current === null ? unified?.read('cgroup.events', parsePopulated) ?? null : current > 0
}

function parsePopulated (text: string): boolean | null {
  const populated = valueOf(text, 'populated')
  return populated === null ? null : populated > 0
}

function parseLimitHits (text: string): number | null {
  return valueOf(text, 'max')
}

/**
 * A process that runs in another container has no number in the reader's pid namespace. In `cgroup.procs` it is a line
 * `0` on v2, and no line at all on v1. A count of 0 is believed only if there is no task either.
 */
function visible (processes: number | null, tasks: number | null): number | null {
  return processes === 0 && tasks !== 0 ? null : processes
}
