import { setTimeout as delay } from 'node:timers/promises'
import { docker, type Stack } from './stack.ts'

/** The service to which the watched containers belong; it has to be in LAB_SERVICES. */
export const VISITORS = 'visitor'
const WATCHED_EVERY = 5
const LIFE_SECONDS = 4

/** Containers that come and go beside the stack. One in five is on its network, so the lab watches it as a service. */
export class Visitors {
  started = 0
  readonly #stack: Stack

  constructor (stack: Stack) { this.#stack = stack }

  /** Starts a container every `everyMs`, whether or not the earlier ones have gone. */
  async come (count: number, everyMs: number): Promise<void> {
    const startedAt = performance.now()
    const starts: Array<Promise<string>> = []
    for (let i = 0; i < count; i++) {
      await delay(Math.max(0, startedAt + i * everyMs - performance.now()))
      const start = this.#start()
      start.catch(() => {})      // thrown below, once all have been started
      starts.push(start)
    }
    await Promise.all(starts)
  }

  #start (): Promise<string> {
    const number = ++this.started
    const network = number % WATCHED_EVERY === 0
      ? [`--network=${this.#stack.project}_back`, `--network-alias=${VISITORS}`]
      : ['--network=none']
    return docker('run', '--detach', '--rm', `--name=${this.#stack.project}-${VISITORS}-${number}`, ...network,
      '--entrypoint=sleep', 'redis:8-trixie', String(LIFE_SECONDS))
  }

  /** Resolves when no container is left. */
  async gone (): Promise<void> {
    while (await docker('ps', '--all', '--quiet', '--filter', `name=^/?${this.#stack.project}-${VISITORS}-`) !== '') await delay(500)
  }
}
