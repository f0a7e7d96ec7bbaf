import { setTimeout as delay } from 'node:timers/promises'
import { onProcessDeath, type Cleanup } from '#scripts/local-stores/on-process-death.ts'
import { docker } from './stack.ts'

/** Containers beside the stack that are none of its own: the lab has to find that out, and never reads them. */
export class Strangers {
  readonly #prefix: string
  #started = 0
  readonly #present: string[] = []
  #cleanup: Cleanup | null = null

  constructor (project: string) { this.#prefix = `${project}-stranger` }

  async come (count: number): Promise<void> {
    this.#cleanup ??= onProcessDeath(`docker ps --quiet --filter name=${this.#prefix}- | xargs -r docker rm --force`)
    for (let i = 0; i < count; i++) await this.#start()
  }

  /** For `seconds` the longest present goes and a new one comes, every `everyMs`. Returns how many came. */
  async takeTurns (seconds: number, everyMs: number): Promise<number> {
    const end = performance.now() + seconds * 1000
    let turns = 0
    while (performance.now() < end) {
      const nextMs = performance.now() + everyMs
      await docker('rm', '--force', this.#present.shift()!)
      await this.#start()
      turns++
      await delay(Math.max(0, Math.min(nextMs, end) - performance.now()))
    }
    return turns
  }

  async leave (): Promise<void> {
    if (this.#present.length > 0) await docker('rm', '--force', ...this.#present.splice(0))
    this.#cleanup?.cancel()
  }

  async #start (): Promise<void> {
    const name = `${this.#prefix}-${++this.#started}`
    this.#present.push(name)
    await docker('run', '--detach', '--rm', '--network=none', `--name=${name}`, '--entrypoint=sleep', 'redis:8-trixie', 'infinity')
  }
}
