/** The limits that were changed in the replay: the answers of /api/limits. */
import type { ChangedService, LimitRequest, LimitsView } from '#lab/wire/limits.ts'
import { HOST } from './model.ts'
import type { World } from './world.ts'

export class ReplayLimits {
  readonly #world: World
  readonly #canChange: boolean
  readonly #changed = new Map<string, ChangedService>()

  constructor (world: World, canChange: boolean) {
    this.#world = world
    this.#canChange = canChange
  }

  get view (): LimitsView { return { canChange: this.#canChange, changed: [...this.#changed.values()] } }

  /** Returns why it is refused, or `null`. */
  change ({ service, memoryBytes, cpus, pids }: LimitRequest, by: ChangedService['by'] = 'hand'): string | null {
    const is = this.#world.limitsOf(service)
    const before = this.#changed.get(service)?.before ?? is
    const now = {
      memoryBytes: memoryBytes === undefined ? is.memoryBytes : memoryBytes ?? before.memoryBytes,
      memoryAndSwapBytes: memoryBytes === undefined ? is.memoryAndSwapBytes : memoryBytes ?? before.memoryAndSwapBytes,
      cpus: cpus === undefined ? is.cpus : cpus ?? before.cpus,
      pids: pids === undefined ? is.pids : pids ?? before.pids
    }
    if (now.memoryBytes !== 'max' && now.memoryBytes > HOST.memoryBytes) return 'memoryBytes: expected whole bytes, or null'
    this.#world.limit(service, now)
    const isAsBefore = JSON.stringify(now) === JSON.stringify(before)
    if (isAsBefore) this.#changed.delete(service)
    else {
      const changedAt = new Date().toISOString()
      this.#changed.set(service, { service, now, before, by, changedAt, until: null, fault: null })
    }
    return null
  }
}
