import { NEAR_LIMIT_SHARE } from '#cgroup/near-limit.ts'
import type { Throttling } from '#cgroup/rates.ts'
import type { ContainerState } from '#lab/wire/live.ts'

/** What the state follows from. Times are milliseconds ago; `null`: never. */
export interface StateInputs {
  awayForMs: number | null
  backForMs: number | null
  oomKillAgoMs: number | null
  /** The cgroup holds no process. */
  isEmpty: boolean
  /** Working set and tasks, as shares of their effective limits. */
  memoryShare: number | null
  pidsShare: number | null
  throttling: Throttling
}

/** A container that is away for longer is gone. After a restart it counts as restarting for this long. */
export const RESTARTING_MS = 3000
const OOM_SHOWN_MS = 10_000

/** One word for a container: the first that applies. */
export function stateOf (inputs: StateInputs): ContainerState {
  if (isWithin(inputs.awayForMs, RESTARTING_MS) || isWithin(inputs.backForMs, RESTARTING_MS)) return 'restarting'
  if (inputs.awayForMs !== null) return 'gone'
  if (isWithin(inputs.oomKillAgoMs, OOM_SHOWN_MS)) return 'oom_killed'
  // Checked before the limits: no process is left that could run into one, whatever memory is still charged.
  if (inputs.isEmpty) return 'empty'
  if (isNear(inputs.memoryShare) || isNear(inputs.pidsShare)) return 'near_limit'
  return inputs.throttling === 'throttled' ? 'throttled' : 'calm'
}

function isWithin (ms: number | null, limitMs: number): boolean {
  return ms !== null && ms < limitMs
}

function isNear (share: number | null): boolean {
  return share !== null && share >= NEAR_LIMIT_SHARE
}
