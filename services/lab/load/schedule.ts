/** A part of the load with one rate. */
interface RateStep {
  ratePerSecond: number
  startMs: number
  /** The number of its first request, counted over all steps, and how many it has. */
  first: number
  count: number
}

/**
 * When each request of a load is due, in milliseconds from its start. It is fixed before the load begins, so a slow
 * answer moves nothing. It is computed and not stored, so waiting requests cost no memory.
 */
export class Schedule {
  readonly steps: RateStep[] = []
  /** How many requests there are. */
  readonly total: number

  /** The rates follow each other, each for an equal part of the duration. */
  constructor (ratesPerSecond: number[], durationMs: number) {
    const stepMs = durationMs / ratesPerSecond.length
    let first = 0
    for (const [i, ratePerSecond] of ratesPerSecond.entries()) {
      const count = Math.max(1, Math.round(ratePerSecond * stepMs / 1000))
      this.steps.push({ ratePerSecond, startMs: i * stepMs, first, count })
      first += count
    }
    this.total = first
  }

  dueMs (request: number): number {
    const { ratePerSecond, startMs, first } = this.steps[this.stepOf(request)]!
    return startMs + (request - first) * 1000 / ratePerSecond
  }

  /** The index of the step of a request. */
  stepOf (request: number): number {
    let step = this.steps.length - 1
    while (step > 0 && request < this.steps[step]!.first) step--
    return step
  }
}
