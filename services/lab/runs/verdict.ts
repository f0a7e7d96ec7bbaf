import type { Judgement } from './experiment.ts'
import type { Check, Outcome, Verdict } from './wire.ts'

export function verdictOf ({ saw, checks }: Judgement): Verdict {
  return { outcome: outcomeOf(checks), summary: saw, checks }
}

/** One check that fails refutes; what is left open proves nothing. */
function outcomeOf (checks: Check[]): Outcome {
  if (checks.some(({ holds }) => holds === false)) return 'does_not_hold'
  return checks.length === 0 || checks.some(({ holds }) => holds === null) ? 'not_measured' : 'holds'
}
