import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { Account } from '#scripts/local-stores/server-account.ts'
import { LimitRefused, type CgroupTree } from './cgroup-tree.ts'
import { wrap } from './command-line.ts'
import type { ServiceSpec } from './compose-file.ts'
import { childrenOf, holdsOneOf, listeningOn } from './listeners.ts'
import type { Logs } from './logs.ts'
import { Restarts } from './restarts.ts'

export interface ServiceDefinition {
  service: string
  command: string[]
  /** Run before the account is changed; ends by starting what follows. */
  first?: string[]
  env: Record<string, string>
  /** Written to its standard input: what nobody should see in the list of processes. */
  input?: string
  account: Account | null
  limits: Pick<ServiceSpec, 'limits' | 'settings'>
  /** Where it listens. */
  port: number
  stopSignal: NodeJS.Signals
  /** From the signal to the kill. */
  graceMs: number
  /** Asked until it no longer throws. */
  ready: () => Promise<unknown>
}

interface Deps {
  /** The name of its cgroup, as a container would be called. */
  name: string
  /** `null`: without limits. */
  tree: CgroupTree | null
  /** Where the host's cgroups stay in reach from namespaces of its own; `null`: it stays in the host's. */
  hostTree: string | null
  logs: Logs
  /** Each time its cgroup was made, and it was started in it. */
  onStart: (pid: number) => void
}

const READY_MS = 120_000
const READY_POLL_MS = 100
const LAST_OUTPUT_MS = 1000
/** Of the last it said, for an error message. */
const KEPT_OUTPUT = 2000

/**
 * One service as a plain process: in a cgroup made anew for each of its lives, started again when it ends by itself.
 */
export class ServiceProcess {
  readonly definition: ServiceDefinition
  readonly #deps: Deps
  readonly #restarts = new Restarts()
  readonly #stopping = new AbortController()
  #child: ChildProcessWithoutNullStreams | null = null
  #life: Promise<void> = Promise.resolve()
  #wasReady = false
  /** Why it will never be ready. */
  #failure: string | null = null
  #lastOutput = ''

  constructor (definition: ServiceDefinition, deps: Deps) {
    this.definition = definition
    this.#deps = deps
  }

  start (): void { this.#life = this.#live() }

  /** @throws when it ended before it was ready, or does not answer in time */
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

  /** Asks it to end, and kills it when it does not; its cgroup goes too. */
  async stop (): Promise<void> {
    const { stopSignal, graceMs } = this.definition
    this.#stopping.abort()
    this.#signal(stopSignal)
    const impatience = setTimeout(() => this.#signal('SIGKILL'), graceMs)
    await this.#life
    clearTimeout(impatience)
    await this.#deps.tree?.remove(this.#deps.name)
  }

  /** Something answers; and what listens there is this service, and not somebody else who answers as well. */
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

  /** One that was never ready would not be the next time. */
  #hasFailed (how: string): boolean {
    if (this.#wasReady) return false
    const said = this.#lastOutput.trim()
    this.#failure = `${this.definition.service} ended before it was ready (${how})${said === '' ? '' : `. Its last output:\n${said}`}`
    return true
  }

  #explain (err: Error): string {
    return err instanceof LimitRefused ? `${this.definition.limits.settings[err.limit]}: ${err.message}` : err.message
  }

  /** One life. Resolves to how it ended. @throws when its cgroup cannot be made */
  async #once (): Promise<string> {
    const { service, command, first, env, input = '', account, limits } = this.definition
    const { name, tree, hostTree, logs, onStart } = this.#deps
    const join = tree === null ? [] : await tree.make(name, limits.limits)
    const [file, ...args] = wrap(command, { join, namespaces: hostTree === null ? null : { name, tree: hostTree }, first, account })
    // Detached: on Ctrl-C the starter decides what stops when; the terminal does not.
    const child = this.#child = spawn(file!, args, { env, detached: true, cwd: account === null ? process.cwd() : '/' })
    child.stdin.on('error', () => {}).end(input)
    if (child.pid !== undefined) onStart(child.pid)
    logs.follow(service, child.stdout, child.stderr)
    this.#keepLastOutput(child)
    const [code, signal] = await once(child, 'exit').catch((err: Error) => [err.message, null])
    // Its number may be another's from now on.
    this.#child = null
    if (!this.#wasReady) await lastOutputOf(child)
    return signal ?? `exit code ${code}`
  }

  #keepLastOutput ({ stdout, stderr }: ChildProcessWithoutNullStreams): void {
    for (const stream of [stdout, stderr]) stream.on('data', text => { this.#lastOutput = (this.#lastOutput + String(text)).slice(-KEPT_OUTPUT) })
  }

  /** `unshare` passes no signal on to the process it started, which is the one that is meant. */
  #signal (signal: NodeJS.Signals): void {
    const child = this.#child
    if (child?.pid === undefined) return
    if (this.#deps.hostTree === null) child.kill(signal)
    else for (const pid of childrenOf(child.pid)) killOne(pid, signal)
  }
}

/**
 * What it wrote may still be on its way when it has ended. A process that it left behind may keep the pipe open, hence
 * the bound.
 */
async function lastOutputOf (child: ChildProcessWithoutNullStreams): Promise<void> {
  await once(child, 'close', { signal: AbortSignal.timeout(LAST_OUTPUT_MS) }).catch(() => {})
}

function killOne (pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended already.
  }
}
