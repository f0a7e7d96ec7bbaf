/** What a Node process believes about its machine, compared with what its container may use. Pure. */
import { formatBytes, formatCores, formatCount, formatLimitBytes, formatShare } from '#lab/format.ts'
import { cpuLimit, memoryLimit } from '#lab/web/container-words.ts'
import type { Beliefs, ContainerView } from '#lab/wire/live.ts'

export interface Belief {
  /** What the process reports. */
  says: string
  verdict: 'right' | 'wrong' | 'does not say' | 'not known'
  /** The limit, to compare with. */
  truth: string
}

export interface BeliefRow {
  call: string
  sentence: string
  judge: (beliefs: Beliefs, container: ContainerView | null) => Belief
}

export const beliefRows: BeliefRow[] = [
  {
    call: 'os.cpus().length',
    sentence: 'Counts the host’s CPUs; a CPU limit does not change it. Pools sized by it are too large.',
    judge: ({ cpus }, container) => judgeCpus(cpus, container)
  },
  {
    call: 'os.availableParallelism()',
    sentence: 'Should respect the limit, rounded down to whole CPUs, at least one. On cgroup v1 it does not see the limit.',
    judge: ({ availableParallelism }, container) => judgeCpus(availableParallelism, container)
  },
  {
    call: 'os.totalmem()',
    sentence: 'Reports the host’s memory, whatever the container may use.',
    judge: ({ totalMemoryBytes }, container) => judgeMemory(totalMemoryBytes, container)
  },
  {
    call: 'process.constrainedMemory()',
    sentence: 'The only one that reads the cgroup, but only at its own level.',
    judge: ({ constrainedMemoryBytes }, container) => judgeConstrained(constrainedMemoryBytes, container)
  },
  {
    call: 'heap ceiling of V8',
    sentence: 'Where it is above the limit, the kernel kills the process before V8 reports that its heap is full.',
    judge: ({ heapLimitBytes }, container) => judgeHeap(heapLimitBytes, container)
  }
]

/** A container's hostname is the beginning of its id, unless somebody has set another. */
export function containerOf ({ hostname, service }: Beliefs, containers: ContainerView[]): ContainerView | null {
  const byId = containers.find(({ id }) => hostname.length >= 12 && id.startsWith(hostname))
  return byId ?? containers.find(container => container.service === service) ?? null
}

function judgeCpus (count: number, container: ContainerView | null): Belief {
  const says = formatCount(count)
  if (!container?.effective?.cpuCores) return unknown(says)
  const limit = cpuLimit(container)
  if (limit === null) return { says, verdict: 'right', truth: 'no limit' }
  const isNearest = count === Math.max(1, Math.floor(limit)) || count === Math.ceil(limit)
  return { says, verdict: isNearest ? 'right' : 'wrong', truth: `limit ${formatCores(limit)}` }
}

function judgeMemory (bytes: number, container: ContainerView | null): Belief {
  const says = formatBytes(bytes)
  if (!container?.effective?.memory) return unknown(says)
  const limit = memoryLimit(container)
  if (limit === null) return { says, verdict: 'right', truth: 'no limit' }
  return {
    says,
    verdict: Math.abs(bytes - limit) <= limit * 0.01 ? 'right' : 'wrong',
    truth: `limit ${formatLimitBytes(limit)}`
  }
}

function judgeConstrained (bytes: Beliefs['constrainedMemoryBytes'], container: ContainerView | null): Belief {
  if (typeof bytes === 'number') return { ...judgeMemory(bytes, container), says: formatLimitBytes(bytes) }
  const says = bytes === 'max' ? 'no limit' : 'nothing'
  if (!container?.effective?.memory) return unknown(says)
  const limit = memoryLimit(container)
  const truth = limit === null ? 'no limit' : `limit ${formatLimitBytes(limit)}`
  if (bytes === null) return { says, verdict: 'does not say', truth }
  return { says, verdict: limit === null ? 'right' : 'wrong', truth }
}

/** It is right if V8 reaches its own ceiling before the limit. */
function judgeHeap (bytes: number, container: ContainerView | null): Belief {
  const says = formatBytes(bytes)
  if (!container?.effective?.memory) return unknown(says)
  const limit = memoryLimit(container)
  if (limit === null) return { says, verdict: 'right', truth: 'no limit' }
  return { says, verdict: bytes < limit ? 'right' : 'wrong', truth: `${formatShare(bytes / limit)} of ${formatLimitBytes(limit)}` }
}

function unknown (says: string): Belief {
  return { says, verdict: 'not known', truth: 'limit not known' }
}
