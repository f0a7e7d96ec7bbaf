import { cpuMsPerRequest } from '#lab/experiments/acting/api-load.ts'
import { check, oneLife, sourceOf } from '#lab/experiments/judging/checks.ts'
import type { ServiceReadings } from '#lab/experiments/judging/evidence.ts'
import { cpus, ms, percent } from '#lab/format.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { Knee, SweepResult, SweepSpec, SweepView, Trial } from '#lab/wire/sweep.ts'
import type { Experiment } from './experiment.ts'

const PATH = '/work/cpu?ms=5'
const RATE = 40
const P99_MS = 250
/** By how much the limit that was found may differ from what the work takes. */
const AGREES = 0.2
/** Of the periods, with the largest limit that was too little. */
const THROTTLED = 0.5

const spec: SweepSpec = {
  service: 'api',
  work: { kind: 'requests', method: 'GET', path: PATH },
  ratePerSecond: RATE,
  goal: { p99Ms: P99_MS, maxFailedShare: 0.001, maxPressureShare: 0.1 },
  marginShare: 0.2,
  only: 'cpus'
}

interface Facts {
  /** The CPU time of one request. */
  cpuMs: number
  sweep: Pick<SweepView, 'state' | 'error' | 'before'>
  outcome: SweepResult['outcome'] | null
  summary: string | null
  knee: Knee | null
  /** Of the trials with the largest limit that failed: the share of periods in which the API was throttled. */
  throttledBelow: number | null
}

export const sweepAgrees: Experiment<Facts> = {
  id: 'sweep-agrees',
  topic: 'cpu',
  title: 'The least CPU that is enough',
  question: `The API gets ${RATE} requests a second, each of which takes 5 ms of CPU time and a little more. A sweep lowers its CPU limit until ${P99_MS} ms are no longer enough for 99 of 100 requests. How does the least limit that is enough compare with what the requests take on average, ${RATE} times the CPU time of one?`,
  choices: [
    { id: 'half', text: 'It is about half of that: between two requests the API rests, and what it did not use is kept for the next.' },
    { id: 'same', text: 'It is about the same, within a fifth.' },
    { id: 'twice', text: 'It is about twice as much: with less there is always a queue.' },
    { id: 'whole', text: 'It is a whole CPU: below that the kernel stops the API in the middle of requests.' }
  ],
  answer: 'same',
  requires: ['broker'],
  does: `Measures the CPU time of one request, then runs a sweep of the API's CPU limit with ${PATH} at ${RATE} a second, and compares. The sweep shows its trials under Sweep, and leaves the limit as it was.`,
  seconds: 150,
  watches: [{ service: 'api', series: ['cpuUsageUs', 'nrThrottled', 'nrPeriods', 'throttledUs'] }],
  ifYouSawSomethingElse: [
    'The least limit was higher: other work on this machine took CPU time from the API, or from the load generator, while trials ran.',
    'Not measured: a trial says nothing about the limit if something else was the bottleneck. Run it again when the machine is calm.'
  ],

  async act (stage) {
    const cpuMs = await cpuMsPerRequest(stage, PATH)
    stage.say(`a request takes ${ms(cpuMs)} of CPU time: ${RATE} a second take ${cpus(demandOf(cpuMs))}`)
    stage.say('a sweep of the CPU limit')
    const { state, error, before, result, trials } = await stage.sweep(spec)
    const knee = result?.knees.cpus ?? null
    stage.say(result?.summary ?? `the sweep ${state}`)
    return {
      cpuMs,
      sweep: { state, error, before },
      outcome: result?.outcome ?? null,
      summary: result?.summary ?? null,
      knee,
      throttledBelow: throttledAt(knee?.failed ?? null, trials)
    }
  },

  judge (evidence, facts) {
    const api = evidence.of('api')
    const agrees = doesAgree(api, facts)
    return {
      saw: facts.knee === null
        ? `The sweep found no limit: ${facts.summary ?? facts.sweep.error ?? facts.sweep.state}`
        : `The least limit that was enough is ${agrees.saw}.`,
      checks: [
        sweepEnded(facts),
        agrees,
        check('with less the kernel throttles the API in most periods', sourceOf(api, 'nrThrottled'),
          facts.throttledBelow, share => share >= THROTTLED, share => `${percent(share)} of its periods`),
        {
          claim: 'afterwards the limit is as it was',
          source: sourceOf(api, 'cpuMax'),
          saw: cpus(api.quotaCores),
          holds: api.quotaCores === null ? null : api.quotaCores === facts.sweep.before.cpus
        },
        oneLife(evidence, ['api'])
      ]
    }
  }
}

function sweepEnded ({ outcome, summary, sweep: { state, error } }: Facts): Check {
  return {
    claim: 'the sweep finds a limit, and confirms it',
    source: 'GET /api/sweeps/{id}',
    saw: summary ?? error ?? state,
    holds: outcome === 'recommended' ? true : outcome === 'goal_not_met' ? false : null
  }
}

function doesAgree (api: ServiceReadings, { cpuMs, knee }: Facts): Check {
  const demand = demandOf(cpuMs)
  return check(`it is within ${percent(AGREES)} of what ${RATE} requests a second take`, `${sourceOf(api, 'cpuUsageUs')}; sweep`,
    knee?.passed ?? null, least => Math.abs(least / demand - 1) <= AGREES,
    least => `${cpus(least)}, ${(least / demand).toFixed(2)} times the ${cpus(demand)} that the requests take`)
}

/** CPU seconds a second. */
function demandOf (cpuMs: number): number { return RATE * cpuMs / 1000 }

function throttledAt (limit: number | null, trials: Trial[]): number | null {
  const failed = trials.filter(({ limits, outcome }) => limits.cpus === limit && outcome === 'failed')
  return failed.at(-1)?.figures?.throttledShare ?? null
}
