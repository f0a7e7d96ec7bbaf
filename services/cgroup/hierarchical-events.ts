/**
 * Whether `memory.events` of a cgroup also counts what happened in those below it.
 *
 *     Linux ≥ 5.2                       it does; `memory.events.local` beside it counts the cgroup alone
 *     before that                       it counts the cgroup alone, and there is no `memory.events.local`
 *     mounted with memory_localevents   it counts the cgroup alone, and both files are there
 *
 * The option belongs to the hierarchy: it is shown at every mount of it, and any of them may be asked. cgroup-v2.rst,
 * "Mounting".
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Of one cgroup's directory. */
export function hasLocalEvents (directory: string): boolean {
  return existsSync(join(directory, 'memory.events.local'))
}

/** Of the host, as this process sees its mounts. */
export function areEventsLocal (proc = '/proc'): boolean {
  return existsSync(join(proc, 'self/mountinfo')) && hasLocalEventsOption(readFileSync(join(proc, 'self/mountinfo'), 'utf8'))
}

/**
 * `30 22 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate,memory_localevents`: behind the dash
 * type, source and options.
 */
export function hasLocalEventsOption (mountinfo: string): boolean {
  return mountinfo.split('\n').some(line => {
    const [type, , options = ''] = line.slice(line.indexOf(' - ') + 3).split(' ')
    return type === 'cgroup2' && options.split(',').includes('memory_localevents')
  })
}
