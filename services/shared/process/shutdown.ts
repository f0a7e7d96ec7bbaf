import type { Log } from './log.ts'

interface ClosingStep { name: string, close: () => unknown }

/**
 * Closes what was opened, newest first, when the container has to stop. If one step fails, the next ones still run; if
 * one hangs, the process exits anyway.
 */
export class Shutdown {
  isStopping = false
  readonly #steps: ClosingStep[] = []
  readonly #log: Log
  readonly #graceMs: number
  readonly #exit: (code: number) => void

  /** `graceMs` must be shorter than `stop_grace_period`, or the engine's SIGKILL comes first. */
  constructor (log: Log, graceMs: number, exit: (code: number) => void = process.exit) {
    this.#log = log
    this.#graceMs = graceMs
    this.#exit = exit
  }

  add (name: string, close: () => unknown): void {
    this.#steps.unshift({ name, close })
  }

  listen (): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => this.run(signal))
    for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
      process.on(event, err => {
        this.#log.error({ err }, event)
        return this.run(event, 1)
      })
    }
  }

  async run (reason: string, exitCode = 0): Promise<void> {
    if (this.isStopping) return
    this.isStopping = true
    this.#log.info({ reason }, 'stopping')
    setTimeout(() => this.#giveUp(), this.#graceMs).unref()
    for (const { name, close } of this.#steps) {
      try { await close() } catch (err) { this.#log.error({ err, step: name }, 'close failed') }
    }
    this.#log.info('stopped')
    this.#exit(exitCode)
  }

  #giveUp (): void {
    this.#log.error({ graceMs: this.#graceMs }, 'did not stop in time')
    this.#exit(1)
  }
}
