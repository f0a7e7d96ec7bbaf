import { workerData } from 'node:worker_threads'
import { burnCpu } from '#shared/work/burn-cpu.ts'
import type { CommonWork } from '#worker/handlers/cpu.ts'

/*
 * The main file of a thread. It stands beside runner-main.ts and not in handlers/, because the handlers are bundled
 * into files of this folder, and look for cpu-thread.js beside themselves.
 */
const { totalMs, before } = workerData as CommonWork
burnCpu(totalMs, before)
