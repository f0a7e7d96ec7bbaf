import type { Cgroup } from '#cgroup/cgroup.ts'
import type { OnFault } from '#cgroup/fault.ts'
import { NoCgroup, ownCgroup, type Where } from '#cgroup/locate.ts'
import type { Log } from './log.ts'

/**
 * The cgroup of this process, or why there is none to read. Jobs and requests need no cgroup, only the numbers do: so a
 * service runs without, and says it once.
 *
 * `hasNone`: whoever started this process made no cgroup for it. The one it is in is then another's: at its worst the
 * root, whose numbers are those of the whole machine.
 */
export function findOwnCgroup (hasNone: boolean, log: Log, where: Where = {}): Cgroup | NoCgroup {
  const own = hasNone ? new NoCgroup('it was started without a cgroup of its own (OWN_CGROUP=none)') : lookUp(where, faultLog(log))
  if (own instanceof NoCgroup) log.warn({ reason: own.message }, 'nothing is measured of this process')
  return own
}

/**
 * It is read once, to know that it can be: that there is a path is no promise that it may be entered, or that it is in
 * this tree.
 */
function lookUp (where: Where, onFault: OnFault): Cgroup | NoCgroup {
  try {
    const cgroup = ownCgroup(where, onFault)
    if (cgroup.read(null, 'core') !== null) return cgroup
    return new NoCgroup(`there is no cgroup ${cgroup.path} in ${where.root ?? '/sys/fs/cgroup'}`)
  } catch (error) {
    return error instanceof NoCgroup ? error : new NoCgroup((error as Error).message, { cause: error })
  }
}

/** More than anybody would read. The oldest is forgotten first, and told again if it is met again. */
const MAX_LOGGED = 1000

/**
 * Tells each fault of a reading once for its file and its key: it is met with every reading, and one file above a stack
 * is met by all containers below it. Whether it lasts is told by `container_scrape_error`.
 */
export function faultLog (log: Log): OnFault {
  const told = new Set<string>()
  return ({ path, key, error }) => {
    const what = `${path} ${key}`
    if (told.has(what)) return
    if (told.size === MAX_LOGGED) told.delete(told.values().next().value!)
    told.add(what)
    log.warn({ path, key, reason: error.message }, 'cannot read a value; it is left out, and the others are not')
  }
}
