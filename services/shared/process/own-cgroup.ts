import type { Cgroup } from '#cgroup/cgroup.ts'
import type { OnFault } from '#cgroup/fault.ts'
import { NoCgroup, ownCgroup, type Where } from '#cgroup/locate.ts'
import type { Log } from './log.ts'

/**
 * The cgroup of this process, or the reason why there is none to read. Only the numbers need a cgroup, jobs and
 * requests do not: so a service runs without one, and logs that once.
 *
 * `hasNone` says that this process was started without a cgroup of its own. The cgroup it is in then belongs to
 * something bigger: at worst it is the root, whose numbers are those of the whole machine.
 */
export function findOwnCgroup (hasNone: boolean, log: Log, where: Where = {}): Cgroup | NoCgroup {
  const own = hasNone ? new NoCgroup('it was started without a cgroup of its own (OWN_CGROUP=none)') : lookUp(where, faultLog(log))
  if (own instanceof NoCgroup) log.warn({ reason: own.message }, 'this process is not measured')
  return own
}

/**
 * Reads the cgroup once, to know that this is possible: a path alone does not prove that it may be entered, or that it
 * is in this tree.
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

/** More faults than anybody would read. The oldest is forgotten first, and logged again if it occurs again. */
const MAX_LOGGED = 1000

/**
 * Logs each fault once for its file and its key: it occurs with every reading, and one file above a stack is met by all
 * containers below it. `container_scrape_error` says whether it persists.
 */
export function faultLog (log: Log): OnFault {
  const logged = new Set<string>()
  return ({ path, key, error }) => {
    const what = `${path} ${key}`
    if (logged.has(what)) return
    if (logged.size === MAX_LOGGED) logged.delete(logged.values().next().value!)
    logged.add(what)
    log.warn({ path, key, reason: error.message }, 'cannot read a value; it is left out, the other values are kept')
  }
}
