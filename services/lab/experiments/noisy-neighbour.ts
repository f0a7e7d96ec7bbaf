import { cpuMsPerRequest, loadApi, median, medianP99Ms } from '#lab/experiments/acting/api-load.ts'
import type { Stage } from '#lab/experiments/acting/stage.ts'
import { check, oneLife } from '#lab/experiments/judging/checks.ts'
import { gotItsQuota, ifReached } from '#lab/experiments/judging/cpu-checks.ts'
import type { ApiLoad } from '#lab/experiments/judging/load-checks.ts'
import { generatorMostlyKeptPace, isOfTheService, nothingFailed } from '#lab/experiments/judging/load-checks.ts'
import { ms } from '#lab/format.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { Experiment } from './experiment.ts'

const PATH = '/work/cpu?ms=5'
const CPUS = 0.5
/** Of what half a CPU can serve: far enough from the API's own limit, which is not what is measured here. */
const LOAD_SHARE = 0.4
/** Of 51 to 150 requests the p99 is the second slowest, so one slow request alone is not the p99. */
const LOAD_REQUESTS = 70
const LONGEST_LOAD_SECONDS = 4
const ROUNDS = 4
const TRIES = 3
/** How many loads of each kind must remain; the others may be dropped because the generator was late. */
const LEAST_LOADS = ROUNDS / 2
const HOG_THREADS = 8
/** More than the hog can use before it is ended. */
const HOG_MS = 30_000
const HOG_STARTS_MS = 1000
const TAKEN_UP_MS = 30_000
/** The p99 of two loads may differ by up to a factor of two, with or without a hog. */
const TIMES_SLOWER = 3
/** On a machine with CPU time to spare, the load generator, which is a thread of the lab, is less late than this. */
const LATE_MS = 25

interface Facts { alone: ApiLoad[], beside: ApiLoad[] }

export const noisyNeighbour: Experiment<Facts> = {
  id: 'noisy-neighbour',
  topic: 'cpu',
  title: 'A hog next door',
  question: `The API serves requests of a few milliseconds. Next door, in the worker, a job keeps ${HOG_THREADS} threads busy, enough for the whole machine; the worker may use half a CPU. What happens to the API's slowest request in a hundred (p99)?`,
  choices: [
    { id: 'starved', text: 'It takes at least ten times as long: each request waits until the hog has had its turn.' },
    { id: 'half', text: 'It takes twice as long: the two share the CPU.' },
    { id: 'kept', text: 'It stays about the same: the hog is held at half a CPU, and the rest is left for the others.' },
    { id: 'refused', text: 'The API can no longer accept all requests: some fail.' }
  ],
  answer: 'kept',
  does: `Sends the API ${LOAD_SHARE} of what half a CPU can serve, ${ROUNDS} times alone and ${ROUNDS} times beside the hog, in turn, and compares the median p99 of both.`,
  seconds: 28,
  watches: [
    { service: 'worker', series: ['cpuUsageUs', 'nrThrottled', 'nrPeriods'] },
    { service: 'api', series: ['cpuUsageUs', 'nrThrottled', 'cpuSomeUs'] }
  ],
  ifYouSawSomethingElse: [
    'The worker took more than half a CPU: WORKER_CPUS in .env says how much it may have.',
    'Without the limit (WORKER_CPUS=0) the p99 may rise as little as with it, though the worker takes all idle CPU time: the kernel shares a CPU fairly, by weight, and serves a container soon that needs little. How soon depends on what else needs CPU time. What the limit leaves to the others does not.',
    'Not measured: other work on the machine slowed down the API or the load generator more than the hog could.'
  ],

  async act (stage) {
    const rate = LOAD_SHARE * CPUS * 1000 / await cpuMsPerRequest(stage, PATH)
    const load = (): Promise<ApiLoad> => steadyLoad(stage, rate)
    const facts: Facts = { alone: [], beside: [] }
    for (let round = 1; round <= ROUNDS; round++) {
      stage.say(`round ${round} of ${ROUNDS}: ${Math.round(rate)} requests a second, alone`)
      facts.alone.push(await load())
      stage.say(`round ${round} of ${ROUNDS}: beside a job of ${HOG_THREADS} busy threads`)
      facts.beside.push(await besideHog(stage, load))
    }
    return facts
  },

  judge (evidence, { alone, beside }) {
    const quota = gotItsQuota(evidence.of('worker'), ...beside.map(({ window }) => window))
    const slower = isNotSlower(medianOfP99s(alone), medianOfP99s(beside))
    return {
      saw: `While the worker used ${quota.saw}, the API's p99 was ${slower.saw}.`,
      checks: [
        ...ifReached(quota, isShortOfCpu(beside) ? { ...slower, holds: slower.holds === true ? true : null } : slower),
        nothingFailed([...alone, ...beside]),
        generatorMostlyKeptPace([alone, beside], LEAST_LOADS),
        oneLife(evidence, ['api']),
        oneLife(evidence, ['worker'])
      ]
    }
  }
}

/** Repeats a load for which the generator was late: on a busy machine every thread wakes late now and then. */
async function steadyLoad (stage: Stage, rate: number): Promise<ApiLoad> {
  for (let tries = 1; ; tries++) {
    const load = await loadApi(stage, PATH, [rate], Math.min(LONGEST_LOAD_SECONDS, LOAD_REQUESTS / rate))
    if (isOfTheService(load) || tries === TRIES) return load
    stage.say('the load generator was late: once more')
  }
}

async function besideHog<T> (stage: Stage, act: () => Promise<T>): Promise<T> {
  const id = await stage.post({ kind: 'cpu', params: { ms: HOG_MS, threads: HOG_THREADS } })
  const isRunning = async () => (await stage.json<{ status: string }>('api', `/jobs/${id}`)).status === 'running'
  await stage.until(isRunning, 'the hog', TAKEN_UP_MS)
  await stage.pause(HOG_STARTS_MS)
  const result = await act()
  await stage.ask('api', `/jobs/${id}`, { method: 'DELETE' })
  await stage.ended(id)
  return result
}

function medianOfP99s (loads: ApiLoad[]): number | null {
  return median(loads.filter(isOfTheService).map(medianP99Ms))
}

/** While the hog is held at its quota, a late lab means that other work on the machine took the CPU time. */
function isShortOfCpu (loads: ApiLoad[]): boolean {
  const lateMs = median(loads.map(({ summary }) => summary.generator.lateness.p99Ms))
  return lateMs === null || lateMs > LATE_MS
}

function isNotSlower (aloneMs: number | null, besideMs: number | null): Check {
  const times = aloneMs === null || besideMs === null ? null : besideMs / aloneMs
  return check(`beside the hog, the API's p99 is less than ${TIMES_SLOWER} times its p99 alone`, 'lab: load generator', times,
    times => times < TIMES_SLOWER, times => `${ms(aloneMs!)} alone and ${ms(besideMs!)} beside the hog, ${times.toFixed(1)} times`)
}
