import type { Stage } from '#lab/experiments/acting/stage.ts'
import type { Evidence } from '#lab/experiments/judging/evidence.ts'
import type { Judgement } from '#lab/experiments/judging/verdict.ts'
import type { ExperimentView } from '#lab/wire/experiments.ts'
import type { Requirement } from '#lab/wire/live.ts'

/**
 * A question, the answers that a learner may predict, an action, and one judgement. `act` returns what only it can know
 * (how its jobs ended, what was answered); everything else is in the readings. `judge` is pure: the page shows its
 * result, the command exits by it, and tests assert it.
 */
export interface Experiment<Facts = unknown> extends ExperimentView {
  /** The id of the choice that the experiment claims to be true. */
  answer: string
  /** What it needs besides containers with limits. */
  requires?: Requirement[]
  act: (stage: Stage) => Promise<Facts>
  judge: (evidence: Evidence, facts: Facts) => Judgement
}
