import { fork, type ChildProcess } from 'node:child_process'
import type { JobResult } from '#shared/jobs/job.ts'
import type { RunnerReply, Work } from './runner-main.ts'

const LAST_WORDS_LENGTH = 8192

export interface RunnerOptions {
  /** The bundled runner-main.js. */
  path: string
  /** V8's heap limit in MiB; 0 leaves it to V8. */
  heapMib: number
  scratch: string
  tmpfs: string
  /** The worker's port and the script, for jobs that probe the worker. */
  port: number
  httpGet: string
  /** PATH of the process, used for the commands that a job starts. */
  searchPath: string
  idleMs: number
}

/** How the work ended: with an answer, or with the death of its process. */
export type RunnerResult =
  | { result: JobResult }
  | { failed: string }
  | { exitCode: number | null, signal: NodeJS.Signals | null, lastWords: string }

interface Live {
  child: ChildProcess
  lastWords: () => string
}

/**
 * One process for jobs, one job at a time. The first job starts it, the next ones use it again, and after its death it
 * is replaced. It is ended after being idle for a while.
 */
export class RunnerProcess {
  readonly #options: RunnerOptions
  #live: Live | null = null
  #idle: NodeJS.Timeout | undefined

  constructor (options: RunnerOptions) {
    this.#options = options
  }

  async run (work: Work): Promise<RunnerResult> {
    clearTimeout(this.#idle)
    const live = this.#live ??= this.#start()
    const ended = await answerOrDeath(live, work)
    this.#idle = setTimeout(() => this.kill(), this.#options.idleMs).unref()
    return ended
  }

  /** Ends the process and everything its job started. */
  kill (): void {
    const pid = this.#live?.child.pid
    this.#live = null
    if (pid !== undefined) killGroup(pid)
  }

  #start (): Live {
    const { path, heapMib, scratch, tmpfs, port, httpGet, searchPath } = this.#options
    const child = fork(path, {
      // The child gets a process group of its own, so that everything a job starts can be ended with it.
      detached: true,
      execArgv: heapMib > 0 ? [`--max-old-space-size=${heapMib}`] : [],
      // It gets nothing of the worker's environment: a job's process has no business with the stores.
      env: { PATH: searchPath, SCRATCH: scratch, TMPFS: tmpfs, PORT: String(port), HTTP_GET: httpGet },
      stdio: ['ignore', 'inherit', 'pipe', 'ipc']
    })
    const live = { child, lastWords: gatherLastWords(child) }
    child.once('exit', () => {
      if (this.#live === live) this.#live = null
      killGroup(child.pid!)
    })
    return live
  }
}

function answerOrDeath ({ child, lastWords }: Live, work: Work): Promise<RunnerResult> {
  return new Promise(resolve => {
    const settle = (ended: RunnerResult): void => {
      child.removeAllListeners('message').removeAllListeners('close').removeAllListeners('error')
      resolve(ended)
    }
    child.once('message', (answer: RunnerReply) => settle(answer))
    // 'close' comes after 'exit', once all its output has been read.
    child.once('close', (exitCode, signal) => settle({ exitCode, signal, lastWords: lastWords() }))
    child.once('error', err => settle({ exitCode: null, signal: null, lastWords: `cannot start: ${err.message}` }))
    child.send(work, () => { /* 'close' reports a process that has died in the meantime */ })
  })
}

function gatherLastWords (child: ChildProcess): () => string {
  let text = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => { text = (text + chunk).slice(-LAST_WORDS_LENGTH) })
  return () => text
}

function killGroup (leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch (err) {
    // ESRCH: the group is empty.
    if ((err as NodeJS.ErrnoException).code !== 'ESRCH') throw err
  }
}
