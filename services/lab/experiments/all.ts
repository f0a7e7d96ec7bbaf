import type { Experiment } from '../runs/experiment.ts'
import { cpuLimit } from './cpu-limit.ts'
import { memoryLimit } from './memory-limit.ts'
import { pidsLimit } from './pids-limit.ts'

/** In the order in which they are told. */
export const experiments = [memoryLimit, cpuLimit, pidsLimit] as Experiment[]
