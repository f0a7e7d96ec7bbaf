import type { Stage } from '#lab/experiments/acting/stage.ts'
import type { Evidence } from '#lab/experiments/judging/evidence.ts'
import type { Judgement } from '#lab/experiments/judging/verdict.ts'
import type { ExperimentView } from '#lab/wire/experiments.ts'
import type { Requirement } from '#lab/wire/live.ts'

/**
 * A question, what a learner may predict, what to do, and one judgement. `act` returns what only it can know (how its
 * jobs ended, what was answered); everything else is in the readings. `judge` is pure: the page shows what it says, the
 * command exits by it, tests assert it.
 */
export interface Experiment<Facts = unknown> extends ExperimentView {
  /** The choice that is the claim. */
  answer: string
  /** What it cannot do without, beside containers with limits. */
  requires?: Requirement[]
  act: (stage: Stage) => Promise<Facts>
  judge: (evidence: Evidence, facts: Facts) => Judgement
}
