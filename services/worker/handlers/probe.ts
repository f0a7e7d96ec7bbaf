import { spawn } from 'node:child_process'
import type { JobParams, JobResult } from '#shared/jobs/job.ts'

/** The worker's own port, the script that its health check runs, and the PATH to find `bash` in. */
export interface ProbeTarget { port: string, httpGet: string, searchPath: string | undefined }

/** The health check that most compose files have. */
const nodeProbe = 'fetch("http://127.0.0.1:" + process.env.PORT + "/livez").then(res => process.exit(res.ok ? 0 : 1), () => process.exit(1))'

/** Runs a health check of the worker `times` times, one after the other, each in a new process. */
export async function probe ({ with: runtime, times }: JobParams['probe'], target: ProbeTarget): Promise<JobResult> {
  const [command, args] = runtime === 'node'
    ? [process.execPath, ['-e', nodeProbe]] as const
    : ['bash', [target.httpGet, '/livez']] as const
  let answered = 0
  for (let i = 0; i < times; i++) {
    if (await exitCode(command, args, target) === 0) answered++
  }
  return { answered, unanswered: times - answered }
}

/** `null`: a signal ended the process. */
function exitCode (
  command: string, args: readonly string[], { port, searchPath }: ProbeTarget
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'ignore', env: { PATH: searchPath, PORT: port } })
    child.once('exit', resolve)
    child.once('error', reject)
  })
}
