import type { Cgroup } from '#cgroup/cgroup.ts'

const LOOK_EVERY_MS = 1

/** When the OOM killer killed in one cgroup, to the precision of a look at its count. */
export class KillClock {
  /** Of each kill, the last look at which it had not happened. */
  readonly killedAtMs: number[] = []
  readonly #cgroup: Cgroup
  readonly #timer: NodeJS.Timeout
  #count: number
  #lookedAtMs = performance.now()

  constructor (cgroup: Cgroup) {
    this.#cgroup = cgroup
    this.#count = this.#now()
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS)
  }

  stop (): void { clearInterval(this.#timer) }

  #look (): void {
    const atMs = performance.now()
    for (const now = this.#now(); this.#count < now; this.#count++) this.killedAtMs.push(this.#lookedAtMs)
    this.#lookedAtMs = atMs
  }

  #now (): number {
    const count = this.#cgroup.oomKills()?.count
    if (count === null || count === undefined) throw new Error('the kernel does not count the kills of this cgroup')
    return count
  }
}
