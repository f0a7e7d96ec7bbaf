import { isDeepStrictEqual } from 'node:util'
import type { EffectiveLimits } from '#cgroup/reading.ts'
import { formatLimitBytes, NOTHING, plain } from '#lab/format.ts'

/** Limits that were in force from a moment on. */
export interface LimitStep {
  /** On the clock that is never set. */
  fromMs: number
  effective: EffectiveLimits
}

/** Nobody reads more of them in a chart, and whoever turns a knob all day must not fill the memory. */
const MOST_STEPS = 100

/** The limits of one container over time. Few containers have more than one step. */
export class LimitSteps {
  #steps: LimitStep[] = []

  /** Oldest first; the last are in force. */
  get all (): readonly LimitStep[] { return this.#steps }

  /**
   * @param isSettling the engine is still writing the limits of a new life: what is read is no change of any
   * @returns the limits before, if they are others now
   */
  note (effective: EffectiveLimits, nowMs: number, isSettling: boolean): EffectiveLimits | null {
    const last = this.#steps.at(-1)
    if (last !== undefined && isDeepStrictEqual(last.effective, effective)) return null
    if (last !== undefined && isSettling) { last.effective = effective; return null }
    this.#steps = [...this.#steps, { fromMs: nowMs, effective }].slice(-MOST_STEPS)
    return last?.effective ?? null
  }
}

/** For people: "memory 256 MiB → 128 MiB, CPUs 0.5 → 0.25". */
export function limitChange (from: EffectiveLimits, to: EffectiveLimits): string {
  const values = ({ memory, cpuCores, pids }: EffectiveLimits): string[] => [
    `memory ${plain(formatLimitBytes(memory?.bytes))}`, `CPUs ${cpuCores?.cores ?? NOTHING}`, `tasks ${pids?.max ?? NOTHING}`
  ]
  const after = values(to)
  return values(from).flatMap((text, i) => text === after[i] ? [] : `${text} → ${after[i]!.replace(/^\w+ /, '')}`).join(', ')
}
