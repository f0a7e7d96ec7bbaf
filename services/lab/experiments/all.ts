import { cpuLimit } from './cpu-limit.ts'
import type { Experiment } from './experiment.ts'
import { healthCheckCost } from './health-check-cost.ts'
import { heapVsLimit } from './heap-vs-limit.ts'
import { limitLoweredBelowUse } from './limit-lowered-below-use.ts'
import { memoryLimitPid1 } from './memory-limit-pid1.ts'
import { memoryLimit } from './memory-limit.ts'
import { namespaces } from './namespaces.ts'
import { noisyNeighbour } from './noisy-neighbour.ts'
import { ownFilesystem } from './own-filesystem.ts'
import { pageCache } from './page-cache.ts'
import { pidsLimit } from './pids-limit.ts'
import { queueSurvives } from './queue-survives.ts'
import { shortBurst } from './short-burst.ts'
import { sweepAgrees } from './sweep-agrees.ts'
import { throttlingLatency } from './throttling-latency.ts'
import { tmpfsCounts } from './tmpfs-counts.ts'
import { whatLeaks } from './what-leaks.ts'

/** In the order in which they are listed and run. */
export const experiments = [
  memoryLimit, memoryLimitPid1, cpuLimit, throttlingLatency, shortBurst, pidsLimit, noisyNeighbour, heapVsLimit,
  pageCache, tmpfsCounts, namespaces, whatLeaks, ownFilesystem, healthCheckCost, queueSurvives,
  limitLoweredBelowUse, sweepAgrees
] as Experiment[]
