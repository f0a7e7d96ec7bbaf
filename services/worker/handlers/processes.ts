import { spawn, type ChildProcess } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import type { JobParams, JobResult } from '#shared/jobs/job.ts'

/** Starts `count` processes that sleep, and reports how many of them the limit of tasks refused. */
export async function processes ({ count, holdMs }: JobParams['processes']): Promise<JobResult> {
  const children: ChildProcess[] = []
  let refused = 0
  for (let i = 0; i < count; i++) {
    const child = await startSleeper()
    if (child === null) refused++
    else children.push(child)
  }
  await delay(holdMs)
  await Promise.all(children.map(end))
  return { started: children.length, refused }
}

/** `null`: fork(2) returned EAGAIN, which is how `pids.max` refuses. */
function startSleeper (): Promise<ChildProcess | null> {
  return new Promise((resolve, reject) => {
    const child = spawn('sleep', ['infinity'], { stdio: 'ignore' })
    child.once('spawn', () => resolve(child))
    child.once('error', (err: NodeJS.ErrnoException) => err.code === 'EAGAIN' ? resolve(null) : reject(err))
  })
}

function end (child: ChildProcess): Promise<void> {
  return new Promise(resolve => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}
