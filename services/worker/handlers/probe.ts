import { spawn } from 'node:child_process'
import type { JobParams, JobResult } from '#shared/jobs/job.ts'

/** The worker's own port, and the script that the image has for its health check. */
export interface Probed { port: string, httpGet: string }

/** As health checks in compose files mostly have it. */
const nodeProbe = 'fetch("http://127.0.0.1:" + process.env.PORT + "/livez").then(res => process.exit(res.ok ? 0 : 1), () => process.exit(1))'

/** Asks the worker whether it lives, as a health check would: each time with a new process, one after the other. */
export async function probe ({ with: runtime, times }: JobParams['probe'], { port, httpGet }: Probed): Promise<JobResult> {
  const [command, args] = runtime === 'node' ? [process.execPath, ['-e', nodeProbe]] as const : ['bash', [httpGet, '/livez']] as const
  let answered = 0
  for (let i = 0; i < times; i++) {
    if (await exitCode(command, args, port) === 0) answered++
  }
  return { answered, unanswered: times - answered }
}

/** `null`: a signal ended it. */
function exitCode (command: string, args: readonly string[], port: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'ignore', env: { PATH: process.env.PATH, PORT: port } })
    child.once('exit', resolve)
    child.once('error', reject)
  })
}
