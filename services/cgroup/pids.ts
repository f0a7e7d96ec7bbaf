/**
 * The pids controller; the same files on v1 and v2. It counts tasks, that is threads: an idle Node process is about ten.
 *
 *     pids.current    7
 *     pids.peak       11              kernel 6.1 and later
 *     pids.events     max 0           forks refused
 *
 * Documentation/admin-guide/cgroup-v2.rst, "PID"; cgroup-v1/pids.rst.
 */
import type { Directory } from './directory.ts'
import { parseCount, parseFlatKeyed } from './parse.ts'
import type { PidsUsage } from './reading.ts'

const eventKeys = new Set(['max'])

/** A fork is refused at the cgroup whose limit was hit, which may be one above. */
export function pidsUsage (cgroup: Directory): PidsUsage {
  const current = cgroup.read('pids.current', parseCount)
  return {
    current,
    peak: cgroup.read('pids.peak', parseCount),
    limitHits: cgroup.read('pids.events', text => parseFlatKeyed(text, eventKeys))?.get('max') ?? null,
    processes: visible(cgroup.processes(), current)
  }
}

/**
 * A process that has no number in the reader's pid namespace, because it runs in another container, is a line `0` in
 * `cgroup.procs` of v2, and no line at all on v1. Tasks without any process are therefore not "none" but "not told".
 */
function visible (processes: number | null, tasks: number | null): number | null {
  return processes === 0 && tasks !== null && tasks > 0 ? null : processes
}
