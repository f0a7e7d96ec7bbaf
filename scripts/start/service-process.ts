import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { CgroupTree } from './cgroup-tree.ts'
import { wrap } from './command-line.ts'
import type { ServiceDefinition } from './definitions.ts'
import { LimitRefused } from './limit-files.ts'
import type { Logs } from './logs.ts'
import { childrenOf, holdsOneOf, listeningOn } from './ports.ts'

interface Deps {
  /** The name of its cgroup, which is that of the container in Docker. */
  name: string
  /** `null` to run without limits. */
  tree: CgroupTree | null
  /** Where the host's cgroups stay visible from namespaces of its own; `null` to stay in the host's namespaces. */
  hostTree: string | null
  logs: Logs
  /** Called each time the service was started in a new cgroup. */
  onStart: (pid: number) => void
}

const READY_MS = 120_000
const READY_POLL_MS = 100
const LAST_OUTPUT_MS = 1000
/** The length of the last output in an error message. */
const KEPT_OUTPUT = 2000

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 60_000
/** A service that ran this long has recovered: the next pause is the first one again. */
const RECOVERED_MS = 10_000

/** How long to wait before a service that ended is started again, as the engine does for `restart: unless-stopped`. */
export class Restarts {
  #pauseMs = FIRST_PAUSE_MS

  /** @param ranMs how long the service ran this time */
  nextPauseMs (ranMs: number): number {
    if (ranMs >= RECOVERED_MS) this.#pauseMs = FIRST_PAUSE_MS
    const pauseMs = this.#pauseMs
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)
    return pauseMs
  }
}

/** One service as a plain process. It gets a new cgroup for each life, and is started again when it ends by itself. */
export class ServiceProcess {
  readonly definition: ServiceDefinition
  readonly #deps: Deps
  readonly #restarts = new Restarts()
  readonly #stopping = new AbortController()
  #child: ChildProcessWithoutNullStreams | null = null
  #life: Promise<void> = Promise.resolve()
  #wasReady = false
  /** Why the service will never be ready. */
  #failure: string | null = null
  #lastOutput = ''

  constructor (definition: ServiceDefinition, deps: Deps) {
    this.definition = definition
    this.#deps = deps
  }

  start (): void { this.#life = this.#live() }

  /** @throws when the service ends before it is ready, or does not answer in time */
  async ready (): Promise<void> {
    const { service } = this.definition
    const deadline = performance.now() + READY_MS
    for (;;) {
      const fault = await this.#whyNotReady()
      if (fault === null) return
      if (this.#failure !== null) throw new Error(this.#failure)
      if (this.#stopping.signal.aborted) throw new Error(`${service} was stopped before it was ready`)
      if (performance.now() > deadline) throw new Error(`${service} was not ready within ${READY_MS / 1000} s: ${fault}`)
      await delay(READY_POLL_MS)
    }
  }

  /** Asks the service to stop, kills it if it does not, and removes its cgroup. */
  async stop (): Promise<void> {
    const { stopSignal, graceMs } = this.definition
    this.#stopping.abort()
    this.#signal(stopSignal)
    const killTimer = setTimeout(() => this.#signal('SIGKILL'), graceMs)
    await this.#life
    clearTimeout(killTimer)
    await this.#deps.tree?.remove(this.#deps.name)
  }

  /** An answer alone is not enough: the socket that listens must belong to this service, and not to another program. */
  async #whyNotReady (): Promise<string | null> {
    const { port, ready } = this.definition
    const failure = await ready().then(() => null, (err: unknown) => String(err))
    if (failure !== null) return failure
    const pid = this.#child?.pid
    if (pid === undefined || !holdsOneOf(listeningOn(port), pid)) return `port ${port} is answered by another program`
    this.#wasReady = true
    return null
  }

  async #live (): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const startedMs = performance.now()
      const how = await this.#once().catch((err: unknown) => this.#explain(err as Error))
      if (signal.aborted || this.#hasFailed(how)) return
      const pauseMs = this.#restarts.nextPauseMs(performance.now() - startedMs)
      this.#deps.logs.say(`${this.definition.service} ended (${how}); starting it again in ${pauseMs / 1000} s`)
      await delay(pauseMs, undefined, { signal }).catch(() => {})
    }
  }

  /** A service that was never ready would not be ready the next time either. */
  #hasFailed (how: string): boolean {
    if (this.#wasReady) return false
    const output = this.#lastOutput.trim()
    const lastOutput = output === '' ? '' : `. Its last output:\n${output}`
    this.#failure = `${this.definition.service} ended before it was ready (${how})${lastOutput}`
    return true
  }

  #explain (err: Error): string {
    return err instanceof LimitRefused ? `${this.definition.limits.settings[err.limit]}: ${err.message}` : err.message
  }

  /** One life of the service. Resolves to how it ended. @throws when its cgroup cannot be made */
  async #once (): Promise<string> {
    const { service, command, first, env, input = '', account, limits } = this.definition
    const { name, tree, hostTree, logs, onStart } = this.#deps
    const join = tree === null ? [] : await tree.make(name, limits.limits)
    const namespaces = hostTree === null ? null : { name, tree: hostTree }
    const [file, ...args] = wrap(command, { join, namespaces, first, account })
    // Detached: on Ctrl-C the starter decides the order in which things stop; the terminal does not.
    const child = this.#child = spawn(file!, args, { env, detached: true, cwd: account === null ? process.cwd() : '/' })
    child.stdin.on('error', () => {}).end(input)
    if (child.pid !== undefined) onStart(child.pid)
    logs.follow(service, child.stdout, child.stderr)
    this.#keepLastOutput(child)
    const [code, signal] = await once(child, 'exit').catch((err: Error) => [err.message, null])
    // From now on its number may belong to another process.
    this.#child = null
    if (!this.#wasReady) await lastOutputOf(child)
    return signal ?? `exit code ${code}`
  }

  #keepLastOutput ({ stdout, stderr }: ChildProcessWithoutNullStreams): void {
    const keep = (text: unknown) => { this.#lastOutput = (this.#lastOutput + String(text)).slice(-KEPT_OUTPUT) }
    for (const stream of [stdout, stderr]) stream.on('data', keep)
  }

  /** In namespaces the signal goes to the children of `unshare`, because `unshare` does not forward signals to them. */
  #signal (signal: NodeJS.Signals): void {
    const child = this.#child
    if (child?.pid === undefined) return
    if (this.#deps.hostTree === null) child.kill(signal)
    else for (const pid of childrenOf(child.pid)) killOne(pid, signal)
  }
}

/**
 * Waits for output that is still on its way after the end of the process. The wait is bounded, because a process that
 * it left behind may keep the pipe open.
 */
async function lastOutputOf (child: ChildProcessWithoutNullStreams): Promise<void> {
  await once(child, 'close', { signal: AbortSignal.timeout(LAST_OUTPUT_MS) }).catch(() => {})
}

function killOne (pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // The process has ended already.
  }
}
