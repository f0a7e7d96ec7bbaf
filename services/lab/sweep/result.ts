/** How a sweep ended. Pure. */
import type { SweepOutcome, SweepResult, SweepSpec, SweptLimits, Trial } from '#lab/wire/sweep.ts'
import { LIMIT_WAS_THE_REASON } from './judge.ts'
import {
  composeLines, givesWayFirst, kubernetesLines, notesOn, summaryOf, type Found
} from './recommendation.ts'

const nothing = { recommended: null, compose: null, kubernetes: null, givesWayFirst: null, notes: [] }

/** Without limits to recommend: already the baseline did not pass, or a search found something else, or nothing. */
export function noResult (spec: SweepSpec, trials: Trial[], machineCpus: number): SweepResult {
  const last = trials.at(-1)!
  const open = last.checks.filter(({ holds }) => holds !== true)
  const missed = open.map(({ claim, saw }) => `${claim}: ${saw}`).join('; ')
  const knees = { cpus: null, memoryBytes: null }
  if (last.purpose === 'baseline' && last.outcome === 'failed') {
    const summary = `No limit up to the ${machineCpus} CPUs of this machine meets the goal at ${spec.ratePerSecond} a second. With all of them: ${missed}.`
    return { ...nothing, outcome: 'goal_not_met', summary, knees }
  }
  if (last.purpose === 'baseline' && last.outcome === 'passed') {
    const summary = `The kernel does not count here what ${spec.service} uses, so no limit can be searched for.`
    return { ...nothing, outcome: 'not_measured', summary, knees }
  }
  const why = open.find(({ claim }) => claim === LIMIT_WAS_THE_REASON)?.saw ?? missed
  return { ...nothing, outcome: 'not_measured', summary: `The limits were not the bottleneck: ${why}.`, knees }
}

export function resultOf (
  outcome: Extract<SweepOutcome, 'recommended' | 'not_confirmed'>,
  spec: SweepSpec,
  found: Found,
  recommended: SweptLimits,
  confirmation: Trial
): SweepResult {
  const { figures } = confirmation
  return {
    outcome,
    summary: summaryOf(outcome, { spec, found, recommended, figures }),
    knees: { cpus: found.cpus, memoryBytes: found.memoryBytes },
    recommended,
    compose: composeLines(spec.service, recommended),
    kubernetes: kubernetesLines(recommended, figures?.cores ?? null),
    givesWayFirst: figures && givesWayFirst(recommended, figures, spec.ratePerSecond),
    notes: figures === null ? [] : notesOn(spec, found, figures)
  }
}
