import { cpuMsPerRequest, loadApi, medianP99Ms, nextReading } from '#lab/experiments/acting/api-load.ts'
import { NotMeasured, type Stage } from '#lab/experiments/acting/stage.ts'
import { check, oneLife, sourceOf } from '#lab/experiments/judging/checks.ts'
import type { ServiceReadings } from '#lab/experiments/judging/evidence.ts'
import { generatorKeptPace, type ApiLoad } from '#lab/experiments/judging/load-checks.ts'
import { cpus, ms, percent } from '#lab/format.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { Knee, SweepResult, SweepSpec, SweepView } from '#lab/wire/sweep.ts'
import type { Experiment } from './experiment.ts'

const PATH = '/work/cpu?ms=5'
const RATE = 40
const P99_MS = 250
/** By how much the limit that was found may differ from what the work takes. */
const AGREES = 0.2
/** Of the least limit: with this the same requests are sent once more. */
const BELOW = 0.8
const BELOW_SECONDS = 5
/** Of the periods, below the least limit. */
const THROTTLED = 0.5
const CENTS = 100

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
  /** The same requests with `BELOW` of the least limit. `null`: there was none. */
  below: { cpus: number, load: ApiLoad } | null
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
  does: `Measures the CPU time of one request, then runs a sweep of the API's CPU limit with ${PATH} at ${RATE} a second, and compares. Then it sends the same requests with ${BELOW} of the least limit. The sweep shows its trials under Sweep, and leaves the limit as it was.`,
  seconds: 120,
  watches: [{ service: 'api', series: ['cpuUsageUs', 'nrThrottled', 'nrPeriods', 'throttledUs'] }],
  ifYouSawSomethingElse: [
    'The least limit was higher: other work on this machine took CPU time from the API, or from the load generator, while trials ran.',
    'Not measured: a trial says nothing about the limit if something else was the bottleneck. Run it again when the machine is calm.'
  ],

  async act (stage) {
    const cpuMs = await cpuMsPerRequest(stage, PATH)
    stage.say(`a request takes ${ms(cpuMs)} of CPU time: ${RATE} a second take ${cpus(demandOf(cpuMs))}`)
    stage.say('a sweep of the CPU limit')
    const { state, error, before, result } = await stage.sweep(spec)
    const knee = result?.knees.cpus ?? null
    stage.say(result?.summary ?? `the sweep ${state}`)
    return {
      cpuMs,
      sweep: { state, error, before },
      outcome: result?.outcome ?? null,
      summary: result?.summary ?? null,
      knee,
      below: knee && await loadBelow(stage, knee.passed)
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
        ...belowChecks(api, facts.below),
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

/** @throws NotMeasured when the limit cannot be set */
async function loadBelow (stage: Stage, least: number): Promise<Facts['below']> {
  const cpus = Math.floor(least * BELOW * CENTS) / CENTS
  stage.say(`the same requests with ${cpus} CPU`)
  const refusal = await stage.limit({ service: 'api', cpus })
  if (refusal !== null) throw new NotMeasured(refusal.message)
  await nextReading(stage, 'api')
  return { cpus, load: await loadApi(stage, PATH, [RATE], BELOW_SECONDS) }
}

function belowChecks (api: ServiceReadings, below: Facts['below']): Check[] {
  const share = below && api.throttledShare(below.load.window)
  return [
    check('with a fifth less the kernel throttles the API in most periods', sourceOf(api, 'nrThrottled'), share,
      share => share >= THROTTLED, share => `${percent(share)} of its periods, with ${cpus(below!.cpus)}`),
    check('with a fifth less the goal is missed', 'lab: load generator', below && medianP99Ms(below.load),
      p99Ms => p99Ms > P99_MS, p99Ms => `p99 ${ms(p99Ms)}`),
    ...(below === null ? [] : [generatorKeptPace(below.load)])
  ]
}
