/**
 * How much is read, each with what the one before it has; what takes files beyond that is `null` in the reading.
 *
 *     core    limits, CPU used and throttled, memory and its peak, kills and how often the memory limit was met, tasks, pressure: what a
 *             history is made of, and what tells a kill and its cause
 *     shown   the kernel's memory, swap, the most tasks at once, how often the pids limit was met: what else is worth looking at
 *     full    user and system time, IO, processes
 */
export type Extent = 'core' | 'shown' | 'full'

const extents: Extent[] = ['core', 'shown', 'full']

/** Whether a reading of this extent has all that one of the other has. */
export function reaches (extent: Extent, other: Extent): boolean {
  return extents.indexOf(extent) >= extents.indexOf(other)
}
