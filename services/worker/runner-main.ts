import { writeFileSync } from 'node:fs'
import type { JobRequest, JobResult } from '#shared/jobs/job.ts'
import { cpu } from '#worker/handlers/cpu.ts'
import { file } from '#worker/handlers/file.ts'
import { memory } from '#worker/handlers/memory.ts'
import { probe } from '#worker/handlers/probe.ts'
import { processes } from '#worker/handlers/processes.ts'

/**
 * The process that runs jobs which use resources, so that the kernel kills the job and not the worker. It gets one job
 * at a time from the worker over the IPC channel, and replies with the result.
 */

export type Work = Extract<JobRequest, { kind: 'cpu' | 'memory' | 'file' | 'processes' | 'probe' }>
export type RunnerReply = { result: JobResult } | { failed: string }

preferAsVictim()
process.on('message', (work: Work) => {
  run(work)
    .then((result): RunnerReply => ({ result }), (err: Error): RunnerReply => ({ failed: err.message }))
    .then(answer => { process.send!(answer) })
})
process.on('disconnect', endWithChildren)

function run (work: Work): Promise<JobResult> {
  const { env } = process
  switch (work.kind) {
    case 'cpu': return cpu(work.params)
    case 'memory': return memory(work.params)
    case 'file': return file(work.params, { scratch: env.SCRATCH!, tmpfs: env.TMPFS! })
    case 'processes': return processes(work.params)
    case 'probe': return probe(work.params, { port: env.PORT!, httpGet: env.HTTP_GET!, searchPath: env.PATH })
  }
}

/**
 * When the cgroup is out of memory the kernel kills the process with the highest score, usually the largest one. This
 * makes sure that it is this process. Raising one's own score needs no privilege. Kernel: proc.rst, "oom_score_adj".
 */
function preferAsVictim (): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000')
  } catch {
    // This is not Linux, or /proc is read-only. Then the kernel chooses the largest process, which is this one whenever
    // it matters.
  }
}

/** The worker is gone. This process leads its own group, so everything that a job started ends with it. */
function endWithChildren (): void {
  process.kill(-process.pid, 'SIGKILL')
}
