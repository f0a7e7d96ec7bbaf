import { workerData } from 'node:worker_threads'
import { burnCpu } from '#shared/work/burn-cpu.ts'
import type { CommonWork } from '#worker/handlers/cpu.ts'

const { totalMs, before } = workerData as CommonWork
burnCpu(totalMs, before)
