import type { Experiment } from '../runs/experiment.ts'
import { cpuLimit } from './cpu-limit.ts'
import { healthCheckCost } from './health-check-cost.ts'
import { memoryLimit } from './memory-limit.ts'
import { namespaces } from './namespaces.ts'
import { ownFilesystem } from './own-filesystem.ts'
import { pidsLimit } from './pids-limit.ts'
import { whatLeaks } from './what-leaks.ts'

/** In the order in which they are told. */
export const experiments = [memoryLimit, cpuLimit, pidsLimit, namespaces, whatLeaks, ownFilesystem, healthCheckCost] as Experiment[]
