import { cpuMsPerRequest, loadApi, medianP99Ms } from '#lab/experiments/acting/api-load.ts'
import { check, oneLife, sourceOf } from '#lab/experiments/judging/checks.ts'
import { gotItsQuota, ifMet, shareOfQuota, throttledIn } from '#lab/experiments/judging/cpu-checks.ts'
import type { ApiLoad } from '#lab/experiments/judging/load-checks.ts'
import { generatorKeptPace, nothingFailed } from '#lab/experiments/judging/load-checks.ts'
import { ms, percent } from '#lab/format.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { Experiment } from './experiment.ts'

/** What compose.yaml gives the API. Not the limit that is there: with a higher one this must fail. */
const CPUS = 0.5
const PATH = '/work/cpu?ms=5'
const BELOW = 0.4
const ABOVE = 1.5
const BELOW_STEPS = 3
const STEP_SECONDS = 3
const ABOVE_SECONDS = 6
/** Of the quota: less is room. */
const ROOM_SHARE = 0.8
const MOSTLY = 0.5
const TIMES_SLOWER = 5

/** `cpuMs`: CPU time of one request. */
interface Facts { cpuMs: number, below: ApiLoad, above: ApiLoad }

export const throttlingLatency: Experiment<Facts> = {
  id: 'throttling-latency',
  topic: 'cpu',
  title: 'A limit, seen by who waits',
  question: `Requests come at ${BELOW} of the rate that half a CPU can serve, then at ${ABOVE} of it. The API's CPU use rises to its limit. What does the slowest request in a hundred do (p99)?`,
  choices: [
    { id: 'same', text: 'About the same: on average the API uses half a CPU, and the machine has more.' },
    { id: 'proportional', text: `It takes ${ABOVE / BELOW} to 5 times as long: there is that much more to do.` },
    { id: 'refused', text: 'About the same for those that are served: what is too much is refused.' },
    { id: 'explodes', text: 'It takes many times as long, and longer the longer this goes on: what was not served in time is in front of everybody else.' }
  ],
  answer: 'explodes',
  does: `Measures the CPU time of one request, reckons the rate that ${CPUS} CPU can serve, and sends ${BELOW} of it for ${BELOW_STEPS * STEP_SECONDS} s and ${ABOVE} of it for ${ABOVE_SECONDS} s, each request when it is due, whatever became of those before.`,
  seconds: 25,
  watches: [{ service: 'api', series: ['cpuUsageUs', 'nrThrottled', 'nrPeriods', 'throttledUs'] }],
  ifYouSawSomethingElse: [
    `The latency hardly rose: the API may use more than ${CPUS} CPU. API_CPUS in .env says how much.`,
    'Not measured: the machine was too busy to give the API its limit, or the load generator its time.',
    'A generator that waits for an answer before it sends the next request would have hidden this: it slows down together with the API.'
  ],

  async act (stage) {
    const cpuMs = await cpuMsPerRequest(stage, PATH)
    const capacity = CPUS * 1000 / cpuMs
    stage.say(`a request takes ${ms(cpuMs)} of CPU time: ${CPUS} CPU can serve ${Math.round(capacity)} a second`)
    stage.say(`below: ${Math.round(BELOW * capacity)} a second`)
    const below = await loadApi(stage, PATH, Array<number>(BELOW_STEPS).fill(BELOW * capacity), BELOW_STEPS * STEP_SECONDS)
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
          share => share <= ROOM_SHARE, share => `${percent(share)} of its quota`),
        ...ifMet(quota, throttledIn(api, above.window, MOSTLY), slower, nothingFailed([below, above])),
        generatorKeptPace(above),
        oneLife(evidence, ['api'])
      ]
    }
  }
}

function isSlower (belowMs: number | null, aboveMs: number | null): Check {
  const times = belowMs === null || aboveMs === null ? null : aboveMs / belowMs
  return check(`above, p99 is ${TIMES_SLOWER} times as long or longer`, 'lab: load generator', times,
    times => times >= TIMES_SLOWER, times => `from ${ms(belowMs!)} to ${ms(aboveMs!)}, ${times.toFixed(1)} times as long`)
}
