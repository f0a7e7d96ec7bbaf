/** What somebody looks at, and the experiment that is about it. Pure. */
import type { ContainerView } from '#lab/wire/live.ts'

type Stated = Pick<ContainerView, 'state'> & { [Resource in 'memory' | 'pids']: { shareOfLimit: number | null } }

/** The experiment that brings a container into this state; `null`: no limit does. */
export function experimentOn ({ state, memory, pids }: Stated): string | null {
  if (state === 'throttled') return 'cpu-limit'
  if (state === 'oom_killed') return 'memory-limit'
  if (state !== 'near_limit') return null
  return (pids.shareOfLimit ?? 0) > (memory.shareOfLimit ?? 0) ? 'pids-limit' : 'memory-limit'
}
