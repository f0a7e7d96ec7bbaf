import { spawn, type ChildProcessWithoutNullStreams, type SpawnOptionsWithoutStdio } from 'node:child_process'
import { once } from 'node:events'
import { onProcessDeath } from './on-process-death.ts'
import { untilAnswers, type Question } from './until-answers.ts'

const KEPT_OUTPUT = 4000
const STOP_MS = 10_000

export interface Command {
  file: string
  args: string[]
  /** Written to its standard input: what should not be seen in the list of processes. */
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
    // Detached: on Ctrl-C this process decides what stops when; the terminal does not.
    this.#child = spawn(file, args, { ...options, detached: true })
    this.#stopSignal = stopSignal
    this.#closed = this.#watch()
    this.#child.stdin.end(input)
  }

  get hasEnded (): boolean { return this.#hasEnded }

  /** The last lines the server wrote, for an error message. */
  get lastOutput (): string { return this.#output.trim() }

  /** Asks it to stop and waits until it has; after ten seconds it is killed. */
  async stop (): Promise<void> {
    if (this.#hasEnded) return
    this.#child.kill(this.#stopSignal)
    const impatience = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS)
    await this.#closed
    clearTimeout(impatience)
  }

  async #watch (): Promise<void> {
    const { pid, stdin, stdout, stderr } = this.#child
    stdin.on('error', () => {})      // it ended before it read its input: its output says why
    const keep = (text: unknown) => { this.#output = (this.#output + String(text)).slice(-KEPT_OUTPUT) }
    for (const stream of [stdout, stderr]) stream.on('data', keep)
    this.#child.on('error', keep)

    const will = pid === undefined ? null : onProcessDeath(`kill -${this.#stopSignal.slice('SIG'.length)} ${pid}`)
    await once(this.#child, 'close').catch(() => {})      // rejects when the program could not be started at all
    this.#hasEnded = true
    will?.takeBack()
  }
}

/** Starts a server and resolves once it answers; one that does not is stopped again. */
export async function startServer (command: Command, question: Question): Promise<ServerProcess> {
  const server = new ServerProcess(command)
  try {
    await untilAnswers(question, server)
    return server
  } catch (err) {
    await server.stop()
    throw err
  }
}
