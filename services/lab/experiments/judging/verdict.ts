import type { Check, Outcome, Verdict } from '#lab/wire/experiments.ts'

export interface Judgement {
  /** One sentence that says what was seen. */
  saw: string
  checks: Check[]
}

export function verdictOf ({ saw, checks }: Judgement): Verdict {
  return { outcome: outcomeOf(checks), summary: saw, checks }
}

/** One failed check refutes the claim. An open check leaves it unproven. */
function outcomeOf (checks: Check[]): Outcome {
  if (checks.some(({ holds }) => holds === false)) return 'does_not_hold'
  return checks.length === 0 || checks.some(({ holds }) => holds === null) ? 'not_measured' : 'holds'
}
