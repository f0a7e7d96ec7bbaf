import type { Throttling } from '#cgroup/rates.ts'
import type { ContainerState } from '#lab/wire/live.ts'

/** What the state follows from; times in milliseconds ago, `null` = never. */
export interface Signs {
  awayForMs: number | null
  backForMs: number | null
  oomKillAgoMs: number | null
  /** No process is in it. */
  isEmpty: boolean
  /** Working set and tasks, of their effective limits. */
  memoryShare: number | null
  pidsShare: number | null
  throttling: Throttling
}

/** Longer away than this is gone; after a restart it takes this long until it counts as back. */
export const RESTARTING_MS = 3000
const OOM_SHOWN_MS = 10_000
const NEAR_SHARE = 0.9

/** One word for a container: the first that applies. */
export function stateOf (signs: Signs): ContainerState {
  if (isWithin(signs.awayForMs, RESTARTING_MS) || isWithin(signs.backForMs, RESTARTING_MS)) return 'restarting'
  if (signs.awayForMs !== null) return 'gone'
  if (isWithin(signs.oomKillAgoMs, OOM_SHOWN_MS)) return 'oom_killed'
  // Before the limits: what is left of memory is charged to nobody who could run into one.
  if (signs.isEmpty) return 'empty'
  if (isNear(signs.memoryShare) || isNear(signs.pidsShare)) return 'near_limit'
  return signs.throttling === 'throttled' ? 'throttled' : 'calm'
}

function isWithin (ms: number | null, limitMs: number): boolean {
  return ms !== null && ms < limitMs
}

function isNear (share: number | null): boolean {
  return share !== null && share >= NEAR_SHARE
}
