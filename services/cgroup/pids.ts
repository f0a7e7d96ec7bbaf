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
  return {
    current: cgroup.read('pids.current', parseCount),
    peak: cgroup.read('pids.peak', parseCount),
    limitHits: cgroup.read('pids.events', text => parseFlatKeyed(text, eventKeys))?.get('max') ?? null,
    processes: cgroup.processes()
  }
}
