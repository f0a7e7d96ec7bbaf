import { Worker } from 'node:worker_threads'
import type { JobParams, JobResult } from '#shared/jobs/job.ts'
import { burnCpu } from '#shared/work/burn-cpu.ts'

export interface CommonWork { totalMs: number, before: NodeJS.CpuUsage }

/**
 * Uses `ms` of CPU time on each of `threads` threads. The threads burn one common amount, which the kernel counts for
 * the whole process, so the sum is right however the kernel divides the quota among them.
 */
export async function cpu ({ ms, threads }: JobParams['cpu']): Promise<JobResult> {
  const startedAt = performance.now()
  const common: CommonWork = { totalMs: ms * threads, before: process.cpuUsage() }
  const others = Array.from({ length: threads - 1 }, () => burnInThread(common))
  const { cpuMs } = burnCpu(common.totalMs, common.before)
  await Promise.all(others)
  return { threads, cpuMs: Math.round(cpuMs), wallMs: Math.round(performance.now() - startedAt) }
}

function burnInThread (workerData: CommonWork): Promise<void> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./cpu-thread.js', import.meta.url), { workerData })
    thread.once('exit', () => resolve())
    thread.once('error', reject)
  })
}
