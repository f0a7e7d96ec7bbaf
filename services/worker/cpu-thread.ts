import { workerData } from 'node:worker_threads'
import { burnCpu } from '../shared/burn-cpu.ts'
import type { CommonWork } from './handlers/cpu.ts'

const { totalMs, before } = workerData as CommonWork
burnCpu(totalMs, before)
