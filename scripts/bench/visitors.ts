import { setTimeout as delay } from 'node:timers/promises'
import { docker, type Stack } from './stack.ts'

/** The service the watched ones count as; the lab has to be told of it (LAB_SERVICES). */
export const VISITORS = 'visitor'
const WATCHED_EVERY = 5
const LIFE_SECONDS = 4

/**
 * Containers that come and go beside the stack: one in five on its network, where the lab takes it for a copy of a
 * service.
 */
export class Visitors {
  started = 0
  readonly #stack: Stack

  constructor (stack: Stack) { this.#stack = stack }

  /** One every `everyMs`, whether or not those before it are gone. */
  async come (count: number, everyMs: number): Promise<void> {
    const startedAt = performance.now()
    const starts: Array<Promise<string>> = []
    for (let i = 0; i < count; i++) {
      await delay(Math.max(0, startedAt + i * everyMs - performance.now()))
      const start = this.#start()
      start.catch(() => {})      // told below, once nothing is begun any more
      starts.push(start)
    }
    await Promise.all(starts)
  }

  #start (): Promise<string> {
    const number = ++this.started
    const network = number % WATCHED_EVERY === 0 ? [`--network=${this.#stack.project}_back`, `--network-alias=${VISITORS}`] : ['--network=none']
    return docker('run', '--detach', '--rm', `--name=${this.#stack.project}-${VISITORS}-${number}`, ...network,
      '--entrypoint=sleep', 'redis:8-trixie', String(LIFE_SECONDS))
  }

  /** None is left. */
  async gone (): Promise<void> {
    while (await docker('ps', '--all', '--quiet', '--filter', `name=^/?${this.#stack.project}-${VISITORS}-`) !== '') await delay(500)
  }
}
