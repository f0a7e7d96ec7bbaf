/** The words that the page and the command share. */
import type { Outcome } from './wire/experiments.ts'
import type { LoadFigures } from './wire/load.ts'
import type { SweepOutcome, TrialOutcome, TrialPurpose } from './wire/sweep.ts'

export const outcomeWords: Record<Outcome, string> = {
  holds: 'holds',
  does_not_hold: 'does not hold',
  not_measured: 'not measured',
  not_here: 'not measured here'
}

export const trialOutcomeWords: Record<TrialOutcome, string> = {
  passed: 'passed',
  failed: 'failed',
  not_measured: 'not measured'
}

export const purposeWords: Record<TrialPurpose, string> = {
  baseline: 'baseline',
  cpus: 'CPU',
  memory: 'memory',
  confirmation: 'confirmation'
}

export const sweepOutcomeWords: Record<SweepOutcome, string> = {
  recommended: 'recommended',
  not_confirmed: 'not confirmed',
  goal_not_met: 'goal not met',
  not_measured: 'not measured'
}

/** Why requests failed: `3 4xx, 9 timed out`. Empty if none did. */
export function failureWords ({ statuses, timeouts, connectionErrors, missedSends }: LoadFigures): string {
  const kinds: Array<[number, string]> = [
    [statuses['4xx'], '4xx'],
    [statuses['5xx'], '5xx'],
    [timeouts, 'timed out'],
    [connectionErrors, 'lost or refused'],
    [missedSends, 'never sent']
  ]
  return kinds.filter(([count]) => count > 0).map(([count, kind]) => `${count} ${kind}`).join(', ')
}
