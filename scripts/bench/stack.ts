import { execFile } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { onProcessDeath, quoted, type Cleanup } from '#scripts/local-stores/on-process-death.ts'

const run = promisify(execFile)

export interface Job {
  id: string
  status: string
  createdAt: string
  startedAt: string
  finishedAt: string | null
  usage: { cpuSeconds: number, wallMs: number }
}

/** The real compose.yaml, under a project name and on a port of its own, so that it can run beside other stacks. */
export class Stack {
  readonly project = `limits-lab-bench-${process.pid}`
  readonly url: string
  readonly #port: string
  readonly #files: string[]
  /** If this process is interrupted, the stack would stay, and come back with the engine. `null`: it is not there. */
  #cleanup: Cleanup | null = null

  constructor (port: number, files = ['compose.yaml']) {
    this.#files = files.flatMap(file => ['-f', file])
    this.url = `http://127.0.0.1:${port}`
    this.#port = String(port)
  }

  async compose (...args: string[]): Promise<string> {
    if (args[0] === 'up') this.#cleanup ??= onProcessDeath(this.#downScript())
    const env = { LAB_PORT: '0', ...process.env, API_PORT: this.#port }
    const { stdout } = await run('docker', ['compose', ...this.#files, '-p', this.project, ...args], {
      env,
      maxBuffer: 1e8
    })
    return stdout
  }

  async down (): Promise<void> {
    await this.compose('down', '--volumes', '--timeout', '5')
    this.#cleanup?.cancel()
    this.#cleanup = null
  }

  #downScript (): string {
    const words = ['docker', 'compose', ...this.#files, '-p', this.project, 'down', '--volumes', '--timeout', '5']
    return `cd ${quoted(process.cwd())} && ${words.map(quoted).join(' ')}`
  }

  async post (body: object): Promise<Job> {
    const res = await fetch(`${this.url}/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body)
    })
    if (res.status !== 202) throw new Error(`POST /jobs answered ${res.status}: ${await res.text()}`)
    return await res.json() as Job
  }

  async finished (id: string): Promise<Job> {
    for (;;) {
      const job = await this.get(`/jobs/${id}`) as Job
      if (job.finishedAt !== null) return job
      await delay(50)
    }
  }

  async get (path: string): Promise<unknown> { return (await fetch(this.url + path)).json() }

  /** The metrics of a service by the name of the series, asked for inside its network. */
  async metrics (service: 'api' | 'worker'): Promise<Map<string, number>> {
    return parseMetrics(await this.compose('exec', '-T', service, 'http-get', '/metrics'))
  }

  /** Resolves when nothing is queued and nothing runs. */
  async idle (pollMs = 100): Promise<void> {
    for (const status of ['queued', 'running']) {
      while ((await this.get(`/jobs?status=${status}&limit=1`) as { jobs: Job[] }).jobs.length > 0) await delay(pollMs)
    }
  }
}

/** Labels are dropped, because every name that is used here has one series. */
function parseMetrics (text: string): Map<string, number> {
  return new Map(text.split('\n').filter(line => line !== '' && !line.startsWith('#'))
    .map(line => [line.replace(/[{ ].*/, ''), Number(line.slice(line.lastIndexOf(' ') + 1))]))
}

export async function docker (...args: string[]): Promise<string> {
  return (await run('docker', args)).stdout.trim()
}
