/**
 * Whether `memory.events` of a cgroup also counts what happened in the cgroups below it.
 *
 *     Linux ≥ 5.2                       it does; `memory.events.local` beside it counts the cgroup alone
 *     before that                       it counts the cgroup alone, and there is no `memory.events.local`
 *     mounted with memory_localevents   it counts the cgroup alone, and both files exist
 *
 * The option belongs to the hierarchy: every mount of it shows the option, so any of them can be checked.
 * cgroup-v2.rst, "Mounting".
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Checks the directory of one cgroup. */
export function hasLocalEvents (directory: string): boolean {
  return existsSync(join(directory, 'memory.events.local'))
}

/** Checks the mounts that this process sees. */
export function areEventsLocal (proc = '/proc'): boolean {
  return existsSync(join(proc, 'self/mountinfo')) && hasLocalEventsOption(readFileSync(join(proc, 'self/mountinfo'), 'utf8'))
}

/**
 * `30 22 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate,memory_localevents`: the dash is
 * followed by type, source and options.
 */
export function hasLocalEventsOption (mountinfo: string): boolean {
  return mountinfo.split('\n').some(line => {
    const [type, , options = ''] = line.slice(line.indexOf(' - ') + 3).split(' ')
    return type === 'cgroup2' && options.split(',').includes('memory_localevents')
  })
}
