import type { Experiment } from '../runs/experiment.ts'
import { memoryLimit } from './memory-limit.ts'

/** In the order in which they are told. */
export const experiments = [memoryLimit] as Experiment[]
