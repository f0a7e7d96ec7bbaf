import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from '@jest/globals'
import { Pool } from 'pg'
import { pino } from 'pino'
import { ownCgroup } from '#cgroup/locate.ts'
import { freePort } from '#scripts/local-stores/free-port.ts'
import { JobStore } from '#shared/jobs/job-store.ts'
import type { Job, JobRequest } from '#shared/jobs/job.ts'
import { JobQueue } from '#shared/jobs/queue.ts'
import { migrate } from '#shared/stores/migrate.ts'
import { createRedis } from '#shared/stores/redis.ts'
import { freshDatabase } from '#support/stores/fresh-database.ts'
import { freshPrefix } from '#support/stores/fresh-prefix.ts'
import { createOutage, type Outage } from '#support/stores/outage.ts'
import { storeUrl } from '#support/stores/store-urls.ts'
import { until } from '#support/until.ts'

const MIGRATIONS = 'services/postgres/migrations'
const log = pino({ level: 'silent' })

/** A test that needs a worker which measures itself; where no cgroup is to be seen, but never in CI, it is skipped. */
export const workerTest = seesCgroup() || process.env.CI ? test : test.skip

function seesCgroup (): boolean {
  try {
    ownCgroup().close()
    return true
  } catch {
    return false
  }
}

export interface WorkerProcess {
  pid: number
  url: string
  /** Sends a signal and resolves to how the process ended. */
  end (signal: NodeJS.Signals): Promise<{ code: number | null, signal: NodeJS.Signals | null }>
  /** Processes that it started and that still live. */
  children (): Promise<number[]>
}

/** A database, a queue and a directory of their own, and workers on them: the built bundle, as its image runs it. */
export interface Stage {
  store: JobStore
  prefix: string
  /** Where the workers' jobs write files. */
  scratch: string
  /** What the workers' Redis goes through; the test's own queue does not. */
  redis: Outage
  query (text: string, values?: unknown[]): Promise<Array<Record<string, unknown>>>
  /** Writes the row and adds it to the queue, as the api does. */
  post (request: JobRequest): Promise<string>
  /** The job once it has ended. If it does not end, the error contains what the workers wrote. */
  ended (id: string, timeoutMs?: number): Promise<Job>
  /** A worker that answers at `path`, by default once it is ready. */
  startWorker (env?: Record<string, string>, path?: string): Promise<WorkerProcess>
  /** In one step, as a Redis loses what it had not saved. */
  emptyQueue (): Promise<void>
  close (): Promise<void>
}

export async function createStage (): Promise<Stage> {
  const database = await freshDatabase()
  const pool = new Pool({ connectionString: database.url, max: 4 })
  await migrate(pool, database.url, MIGRATIONS, log)
  const { prefix, clear } = freshPrefix()
  const outage = await createOutage(storeUrl('REDIS_URL'))
  const client = createRedis({ url: storeUrl('REDIS_URL'), log, failFast: true })
  const queue = new JobQueue(client, prefix)
  await until(() => client.isReady, { what: 'Redis to be connected' })
  const store = new JobStore(pool)
  const scratch = await mkdtemp(join(tmpdir(), 'limits-lab-scratch-'))
  const children: ChildProcess[] = []
  let written = ''

  async function startWorker (env: Record<string, string> = {}, path = '/readyz'): Promise<WorkerProcess> {
    const port = await freePort()
    const child = spawn(process.execPath, ['dist/worker/main.js'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: database.url,
        REDIS_URL: outage.url,
        QUEUE_PREFIX: prefix,
        PORT: String(port),
        SCRATCH: scratch,
        HTTP_GET: resolve('scripts/http-get.sh'),
        LOG_LEVEL: 'warn',
        LOCK_MS: '1000',
        RECONCILE_MS: '500',
        ...env
      }
    })
    children.push(child)
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => { written += chunk })
    const url = `http://127.0.0.1:${port}`
    await until(async () => {
      if (child.exitCode !== null) return true
      return (await fetch(url + path)).ok
    }, { what: `the worker's ${path}`, timeoutMs: 20_000 })
    if (child.exitCode !== null) throw new Error(`the worker ended with ${child.exitCode}: ${written}`)
    return { pid: child.pid!, url, end: signal => end(child, signal), children: () => childrenOf(child.pid!) }
  }

  return {
    store,
    prefix,
    scratch,
    redis: outage,
    startWorker,
    query: async (text, values) => (await pool.query(text, values)).rows,
    post: async request => {
      const { id, kind } = await store.create(request)
      await queue.add(id, kind)
      return id
    },
    ended: async (id, timeoutMs = 20_000) => {
      try {
        await until(async () => (await store.find(id))?.finishedAt, { what: `job ${id} to end`, timeoutMs })
        return (await store.find(id))!
      } catch (err) {
        throw new Error(`${(err as Error).message}; it is ${JSON.stringify(await store.find(id))}; the workers wrote: ${written}`)
      }
    },
    emptyQueue: async () => {
      await client.eval("for _, key in ipairs(redis.call('keys', ARGV[1])) do redis.call('del', key) end", { arguments: [`${prefix}*`] })
    },
    close: async () => {
      await Promise.all(children.map(child => end(child, 'SIGKILL')))
      client.destroy()
      await outage.close()
      await clear()
      await pool.end()
      await database.drop()
      await rm(scratch, { recursive: true, force: true })
    }
  }
}

async function end (child: ChildProcess, signal: NodeJS.Signals) {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }
  return { code: child.exitCode, signal: child.signalCode }
}

async function childrenOf (parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number)
  const parents = await Promise.all(pids.map(parentOf))
  return pids.filter((_pid, i) => parents[i] === parent)
}

/** Field 4, counted after the name, which may hold spaces and parentheses. `null`: it is gone. */
async function parentOf (pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  return stat === null ? null : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

/** A zombie counts as gone too, in case dead processes are not collected. */
export async function isGone (pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  return stat === null || stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
}

export function isRunning (stage: Stage, id: string): Promise<boolean> {
  return until(async () => (await stage.store.find(id))!.status === 'running', {
    what: 'the job to run',
    timeoutMs: 20_000
  })
}

/** The pid of the process that a running job has, once there is one. */
export async function runnerOf (worker: WorkerProcess): Promise<number> {
  await until(async () => (await worker.children()).length > 0, { what: 'the process of a job' })
  return (await worker.children())[0]!
}
