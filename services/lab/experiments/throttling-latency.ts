import { cpuMsPerRequest, loadApi, medianP99Ms } from '#lab/experiments/acting/api-load.ts'
import { QUOTA_HAS_ROOM } from '#lab/experiments/judging/at-limit.ts'
import { check, oneLife, sourceOf } from '#lab/experiments/judging/checks.ts'
import { gotItsQuota, ifReached, shareOfQuota, throttledIn } from '#lab/experiments/judging/cpu-checks.ts'
import type { ApiLoad } from '#lab/experiments/judging/load-checks.ts'
import { generatorKeptPace, nothingFailed } from '#lab/experiments/judging/load-checks.ts'
import { ms, percent } from '#lab/format.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { Experiment } from './experiment.ts'

/** The limit of compose.yaml, not the limit in force: with a higher limit the claim must fail. */
const CPUS = 0.5
const PATH = '/work/cpu?ms=5'
const BELOW = 0.4
const ABOVE = 1.5
const BELOW_STEPS = 3
const STEP_SECONDS = 2
const ABOVE_SECONDS = 3
/** Of the periods. */
const MOSTLY = 0.5
const TIMES_SLOWER = 5

/** `cpuMs`: the CPU time of one request. */
interface Facts { cpuMs: number, below: ApiLoad, above: ApiLoad }

export const throttlingLatency: Experiment<Facts> = {
  id: 'throttling-latency',
  topic: 'cpu',
  title: 'A limit, seen from the waiting side',
  question: `Requests come at ${BELOW} of the rate that half a CPU can serve, then at ${ABOVE} of it. The API's CPU use rises to its limit. What happens to the slowest request in a hundred (p99)?`,
  choices: [
    { id: 'same', text: 'It stays about the same: on average the API uses half a CPU, and the machine has more.' },
    { id: 'proportional', text: `It takes ${ABOVE / BELOW} to 5 times as long: there is that much more to do.` },
    { id: 'refused', text: 'It stays about the same for the requests that are served: the API refuses the others.' },
    { id: 'explodes', text: 'It takes many times as long, and longer the longer this goes on: each request waits behind all that were not served in time.' }
  ],
  answer: 'explodes',
  does: `Measures the CPU time of one request, computes the rate that ${CPUS} CPU can serve, and sends ${BELOW} of that rate for ${BELOW_STEPS * STEP_SECONDS} s and ${ABOVE} of it for ${ABOVE_SECONDS} s: each request when it is due, whether or not the earlier ones were answered.`,
  seconds: 13,
  watches: [{ service: 'api', series: ['cpuUsageUs', 'nrThrottled', 'nrPeriods', 'throttledUs'] }],
  ifYouSawSomethingElse: [
    `The latency hardly rose: the API may use more than ${CPUS} CPU. API_CPUS in .env says how much.`,
    'Not measured: the machine was too busy to give the API its quota, or the load generator its CPU time.',
    'A generator that waits for an answer before it sends the next request would have hidden this: it slows down together with the API.'
  ],

  async act (stage) {
    const cpuMs = await cpuMsPerRequest(stage, PATH)
    const capacity = CPUS * 1000 / cpuMs
    stage.say(`a request takes ${ms(cpuMs)} of CPU time: ${CPUS} CPU can serve ${Math.round(capacity)} a second`)
    stage.say(`below: ${Math.round(BELOW * capacity)} a second`)
    const rates = Array<number>(BELOW_STEPS).fill(BELOW * capacity)
    const below = await loadApi(stage, PATH, rates, BELOW_STEPS * STEP_SECONDS)
    stage.say(`above: ${Math.round(ABOVE * capacity)} a second`)
    const above = await loadApi(stage, PATH, [ABOVE * capacity], ABOVE_SECONDS)
    return { cpuMs, below, above }
  },

  judge (evidence, { below, above }) {
    const api = evidence.of('api')
    const quota = gotItsQuota(api, above.window)
    const slower = isSlower(medianP99Ms(below), medianP99Ms(above))
    return {
      saw: `With ${ABOVE / BELOW} times the requests the API used ${quota.saw}, and p99 went ${slower.saw}.`,
      checks: [
        check('below, the API has CPU time left', sourceOf(api, 'cpuUsageUs'), shareOfQuota(api, below.window),
          share => share <= QUOTA_HAS_ROOM, share => `${percent(share)} of its quota`),
        ...ifReached(quota, throttledIn(api, above.window, MOSTLY), slower, nothingFailed([below, above])),
        generatorKeptPace(above),
        oneLife(evidence, ['api'])
      ]
    }
  }
}

function isSlower (belowMs: number | null, aboveMs: number | null): Check {
  const times = belowMs === null || aboveMs === null ? null : aboveMs / belowMs
  return check(`above, p99 is at least ${TIMES_SLOWER} times as long`, 'lab: load generator', times,
    times => times >= TIMES_SLOWER, times => `from ${ms(belowMs!)} to ${ms(aboveMs!)}, ${times.toFixed(1)} times as long`)
}
