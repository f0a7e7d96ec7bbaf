import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Account } from '../../services/local-stores/server-account.ts'
import type { CgroupTree } from './cgroup-tree.ts'
import { wrap } from './command-line.ts'
import type { ProcessLimits } from './compose-file.ts'
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
  limits: ProcessLimits
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
  /** Each time it is started. */
  onStart: (pid: number) => void
}

const READY_MS = 120_000
const READY_POLL_MS = 100

/** One service as a plain process: in a cgroup made anew for each of its lives, started again when it ends by itself. */
export class ServiceProcess {
  readonly definition: ServiceDefinition
  readonly #deps: Deps
  readonly #restarts = new Restarts()
  readonly #stopping = new AbortController()
  #child: ChildProcessWithoutNullStreams | null = null
  #life: Promise<void> = Promise.resolve()

  constructor (definition: ServiceDefinition, deps: Deps) {
    this.definition = definition
    this.#deps = deps
  }

  get pid (): number | undefined { return this.#child?.pid }

  start (): void { this.#life = this.#live() }

  /** @throws when it does not answer in time */
  async ready (): Promise<void> {
    const { service, ready } = this.definition
    const deadline = performance.now() + READY_MS
    for (;;) {
      const failure = await ready().then(() => null, (err: unknown) => String(err))
      if (failure === null) return
      if (this.#stopping.signal.aborted) throw new Error(`${service} was stopped before it was ready`)
      if (performance.now() > deadline) throw new Error(`${service} was not ready within ${READY_MS / 1000} s: ${failure}`)
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

  async #live (): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const startedMs = performance.now()
      const how = await this.#once()
      if (signal.aborted) return
      const pauseMs = this.#restarts.nextPauseMs(performance.now() - startedMs)
      this.#deps.logs.say(`${this.definition.service} ended (${how}); starting it again in ${pauseMs / 1000} s`)
      await delay(pauseMs, undefined, { signal }).catch(() => {})
    }
  }

  /** One life. Resolves to how it ended. */
  async #once (): Promise<string> {
    const { service, command, first, env, input = '', account, limits } = this.definition
    const { name, tree, hostTree, logs, onStart } = this.#deps
    const join = tree === null ? [] : await tree.make(name, limits)
    const [file, ...args] = wrap(command, { join, namespaces: hostTree === null ? null : { name, tree: hostTree }, first, account })
    // Detached: on Ctrl-C the starter decides what stops when; the terminal does not.
    const child = this.#child = spawn(file!, args, { env, detached: true, cwd: account === null ? process.cwd() : '/' })
    child.stdin.on('error', () => {}).end(input)
    if (child.pid !== undefined) onStart(child.pid)
    logs.follow(service, child.stdout, child.stderr)
    const [code, signal] = await once(child, 'exit').catch((err: Error) => [err.message, null])
    return signal ?? `exit code ${code}`
  }

  /** `unshare` passes no signal on to the process it started, which is the one that is meant. */
  #signal (signal: NodeJS.Signals): void {
    const pid = this.#child?.pid
    if (pid === undefined) return
    for (const target of this.#deps.hostTree === null ? [pid] : childrenOf(pid)) {
      try {
        process.kill(target, signal)
      } catch {
        // It has ended already.
      }
    }
  }
}

function childrenOf (pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}
