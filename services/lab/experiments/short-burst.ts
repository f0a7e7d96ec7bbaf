import type { Stage } from '#lab/experiments/acting/stage.ts'
import { check, oneLife, sourceOf, succeeded } from '#lab/experiments/judging/checks.ts'
import { MET_SHARE, shareOfQuota } from '#lab/experiments/judging/cpu-checks.ts'
import type { EndedJob, ServiceReadings, Window } from '#lab/experiments/judging/evidence.ts'
import { cpus, limitCpus, percent } from '#lab/format.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { Experiment } from './experiment.ts'
import { kernelName } from './series.ts'

const BURSTS = 5
const THREADS = 8
const THREAD_MS = 25
/** So that on any machine the bursts take at most a quarter of the time, and with it of the quota. */
const REST_FACTOR = 3
const SHORTEST_REST_MS = 1500
/** Far below the limit. */
const LOW_SHARE = 0.5

/** Until the next one. */
interface Burst { job: EndedJob, window: Window }
interface Facts { bursts: Burst[] }

export const shortBurst: Experiment<Facts> = {
  id: 'short-burst',
  topic: 'cpu',
  title: 'Throttled far below the limit',
  question: `The worker may use half a CPU. Every few seconds a job of ${THREADS} threads wants ${THREADS * THREAD_MS} ms of CPU time; on average that is far below the limit. Is it throttled?`,
  choices: [
    { id: 'never', text: 'No: the average over a few seconds is what counts, and it is never reached.' },
    { id: 'saved', text: 'No: what it did not use while it was idle it may use in the burst.' },
    { id: 'once', text: 'Only the first time, until the kernel knows the pattern.' },
    { id: 'each', text: `Yes, in each burst: half a CPU means 50 ms of CPU time in every 100 ms, and ${THREADS} threads use that up at once.` }
  ],
  answer: 'each',
  does: `Posts ${BURSTS} cpu jobs of ${THREADS} threads, ${THREAD_MS} ms each, with long rests in between, and reads the average and in how many bursts the kernel stopped the worker.`,
  seconds: 20,
  watches: [{ service: 'worker', series: ['cpuUsageUs', 'nrThrottled', 'nrPeriods', 'throttledUs'] }],
  ifYouSawSomethingElse: [
    `Nothing was throttled: the worker has no limit, or one that ${THREADS} threads do not use up within a period. WORKER_CPUS in .env says how much.`,
    'Not measured: the machine was so busy that the threads hardly ran at the same time. What does not reach a limit is not held by it.'
  ],

  async act (stage) {
    // The first job starts the process that all of them run in, which is a burst of its own.
    await stage.job({ kind: 'cpu', params: { ms: 1, threads: 1 } })
    await stage.pause(SHORTEST_REST_MS)
    const bursts: Burst[] = []
    for (let i = 1; i <= BURSTS; i++) {
      stage.say(`burst ${i} of ${BURSTS}`)
      bursts.push(await burst(stage))
    }
    return { bursts }
  },

  judge (evidence, { bursts }) {
    const worker = evidence.of('worker')
    const [average, stopped] = [averageIsLow(worker, bursts), isStoppedInEach(worker, bursts)]
    return {
      saw: `On average the worker used ${average.saw}, and the kernel stopped it in ${stopped.saw}.`,
      checks: [average, stopped, ...bursts.map(({ job }, i) => succeeded(job, `job ${i + 1} succeeds`)), oneLife(evidence, ['worker'])]
    }
  }
}

async function burst (stage: Stage): Promise<Burst> {
  const from = stage.seconds()
  const job = await stage.job({ kind: 'cpu', params: { ms: THREAD_MS, threads: THREADS } })
  await stage.pause(Math.max(SHORTEST_REST_MS, (stage.seconds() - from) * 1000 * REST_FACTOR))
  return { job, window: [from, stage.seconds()] }
}

function averageIsLow (worker: ServiceReadings, bursts: Burst[]): Check {
  const window = [bursts[0]!.window[0], bursts.at(-1)!.window[1]] as const
  const cores = worker.cores(window)
  const share = shareOfQuota(worker, window)
  return {
    claim: `on average the worker uses ${percent(LOW_SHARE)} of its quota, or less`,
    source: `${sourceOf(worker, 'cpuUsageUs')}, ${kernelName('cpuMax', worker.version)}`,
    saw: cores === null ? 'not measured' : `${cpus(cores)} of ${limitCpus(worker.quotaCores)}`,
    holds: share === null ? null : share <= LOW_SHARE
  }
}

/**
 * One may escape. So may those that did not get their quota while they ran: the host was short of CPU time, and that
 * shows nothing.
 */
function isStoppedInEach (worker: ServiceReadings, bursts: Burst[]): Check {
  const rises = bursts.map(({ window }) => worker.rise('nrThrottled', window))
  const count = rises.includes(null) ? null : rises.filter(rise => rise! > 0).length
  const stopped = check(`the kernel stops it in ${BURSTS - 1} of ${BURSTS} bursts, or in all`, sourceOf(worker, 'nrThrottled'), count,
    count => count >= BURSTS - 1, count => `${count} of ${BURSTS} bursts (${rises.map(rise => `+${rise}`).join(', ')})`)
  const escaped = bursts.filter((_burst, i) => rises[i] === 0)
  return stopped.holds === false && escaped.every(({ job }) => isStarved(job, worker)) ? { ...stopped, holds: null } : stopped
}

function isStarved ({ usage }: EndedJob, { quotaCores }: ServiceReadings): boolean {
  if (usage === null || usage.cpuSeconds === null || typeof quotaCores !== 'number') return false
  return usage.cpuSeconds * 1000 / usage.wallMs < MET_SHARE * quotaCores
}
