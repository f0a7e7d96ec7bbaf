import { spawn, type ChildProcessWithoutNullStreams, type SpawnOptionsWithoutStdio } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { onProcessDeath } from './on-process-death.ts'

const KEPT_OUTPUT = 4000
const STOP_MS = 10_000

/** A Postgres or a Redis that runs as a child process of this one. */
export interface LocalStore {
  url: string
  stop (): Promise<void>
}

export interface LocalOptions {
  /**
   * Everything the store writes is in here. If root starts Postgres, every user must be able to reach this directory.
   */
  dir: string
  port: number
  /** One line. A Postgres that was made earlier keeps the password it was made with. */
  password: string
  /** `false` if the data may be lost, as in a test: then the store does not wait for the disk. */
  durable: boolean
}

export interface Command {
  file: string
  args: string[]
  /** Written to its standard input: text that must not appear in the list of processes. */
  input?: string
  stopSignal: NodeJS.Signals
  options?: SpawnOptionsWithoutStdio
}

/** A server as a child process that does not outlive this one. */
export class ServerProcess {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #stopSignal: NodeJS.Signals
  readonly #closed: Promise<void>
  #output = ''
  #hasEnded = false

  constructor ({ file, args, input = '', stopSignal, options = {} }: Command) {
    // Detached: on Ctrl-C this process decides the order in which things stop; the terminal does not.
    this.#child = spawn(file, args, { ...options, detached: true })
    this.#stopSignal = stopSignal
    this.#closed = this.#watch()
    this.#child.stdin.end(input)
  }

  get hasEnded (): boolean { return this.#hasEnded }

  /** `undefined` if the program could not be started. */
  get pid (): number | undefined { return this.#child.pid }

  /** The last lines the server wrote, for an error message. */
  get lastOutput (): string { return this.#output.trim() }

  /** Asks the server to stop, kills it after ten seconds, and resolves once it has ended. */
  async stop (): Promise<void> {
    if (this.#hasEnded) return
    this.#child.kill(this.#stopSignal)
    const killTimer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS)
    await this.#closed
    clearTimeout(killTimer)
  }

  async #watch (): Promise<void> {
    const { pid, stdin, stdout, stderr } = this.#child
    stdin.on('error', () => {})      // it ended before it read its input; its output says why
    const keep = (text: unknown) => { this.#output = (this.#output + String(text)).slice(-KEPT_OUTPUT) }
    for (const stream of [stdout, stderr]) stream.on('data', keep)
    this.#child.on('error', keep)

    const signal = this.#stopSignal.slice('SIG'.length)
    const cleanup = pid === undefined ? null : onProcessDeath(`kill -${signal} ${pid}`)
    await once(this.#child, 'close').catch(() => {})      // rejects when the program could not be started at all
    this.#hasEnded = true
    cleanup?.cancel()
  }
}

/** Starts a server and resolves once it answers. A server that does not answer is stopped again. */
export async function startServer (command: Command, probe: Probe): Promise<ServerProcess> {
  const server = new ServerProcess(command)
  try {
    await untilAnswers(probe, server)
    return server
  } catch (err) {
    await server.stop()
    throw err
  }
}

export interface Probe {
  /** The name of the server in the error. */
  what: string
  /** One attempt: connects, asks, and throws if there was no answer. */
  ask: () => Promise<unknown>
  timeoutMs: number
}

/** What is known about a server that does not answer. */
export interface ProbedServer {
  readonly hasEnded: boolean | Promise<boolean>
  readonly lastOutput: string | Promise<string>
}

/** Asks repeatedly until the server answers. @throws when the server has ended, or the time is up */
export async function untilAnswers ({ what, ask, timeoutMs }: Probe, server: ProbedServer): Promise<void> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const failure = await ask().then(() => null, (err: unknown) => String(err))
    if (failure === null) return
    const hasEnded = await server.hasEnded
    if (hasEnded || performance.now() > deadline) {
      const verdict = hasEnded ? 'ended before it answered' : `did not answer within ${timeoutMs / 1000} s`
      throw new Error(`${what} ${verdict} (${failure}). Its last output:\n${await server.lastOutput || '(none)'}`)
    }
    await delay(50)
  }
}
