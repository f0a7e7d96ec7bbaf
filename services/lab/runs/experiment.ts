import type { Stage } from './stage.ts'
import type { Evidence } from './evidence.ts'
import type { Check, ExperimentView, Need } from './wire.ts'

/**
 * A question, what a learner may predict, what to do, and one judgement. `act` returns what only it can know (how its jobs ended, what
 * was answered); everything else is in the readings. `judge` is pure: the page shows what it says, the command exits by it, tests assert it.
 */
export interface Experiment<Facts = unknown> extends ExperimentView {
  /** The choice that is the claim. */
  answer: string
  /** What it cannot do without, beside containers with limits. */
  needs?: Need[]
  act: (stage: Stage) => Promise<Facts>
  judge: (evidence: Evidence, facts: Facts) => Judgement
}

export interface Judgement {
  /** One sentence: what was seen. */
  saw: string
  checks: Check[]
}

/** Thrown by `act`: here this cannot be measured, and why. */
export class NotMeasured extends Error {
  override name = 'NotMeasured'
}
