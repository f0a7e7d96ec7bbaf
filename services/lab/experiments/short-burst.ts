import { nextReading } from '#lab/experiments/acting/api-load.ts'
import type { Stage } from '#lab/experiments/acting/stage.ts'
import { QUOTA_REACHED } from '#lab/experiments/judging/at-limit.ts'
import { check, oneLife, sourceOf, succeeded } from '#lab/experiments/judging/checks.ts'
import { shareOfQuota } from '#lab/experiments/judging/cpu-checks.ts'
import type { EndedJob, ServiceReadings, Window } from '#lab/experiments/judging/evidence.ts'
import { cpus, percent } from '#lab/format.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { Experiment } from './experiment.ts'
import { kernelName } from './series.ts'

const BURSTS = 5
const THREADS = 4
const THREAD_MS = 25
/** Bursts take at most a quarter of the time on any machine, and with it of the quota. */
const REST_FACTOR = 3
const SHORTEST_REST_MS = 1500
const APART_MS = 500
/** Of the quota: far below the limit. */
const LOW_SHARE = 0.5

/** `window`: until the next burst. */
interface Burst { job: EndedJob, window: Window }
interface Facts { bursts: Burst[] }

export const shortBurst: Experiment<Facts> = {
  id: 'short-burst',
  topic: 'cpu',
  title: 'Throttled far below the limit',
  question: `The worker may use half a CPU. Every few seconds a job of ${THREADS} threads needs ${THREADS * THREAD_MS} ms of CPU time, on average far below the limit. Is the worker throttled?`,
  choices: [
    { id: 'never', text: 'No: the average over a few seconds counts, and it never reaches the limit.' },
    { id: 'saved', text: 'No: the worker may use in a burst what it did not use while it was idle.' },
    { id: 'once', text: 'Only the first time, until the kernel knows the pattern.' },
    { id: 'each', text: `Yes, in each burst: half a CPU means 50 ms of CPU time in every 100 ms, and ${THREADS} threads use that up at once.` }
  ],
  answer: 'each',
  does: `Posts ${BURSTS} cpu jobs of ${THREADS} threads, ${THREAD_MS} ms each, with long rests in between, and reads the average CPU use and in how many bursts the kernel stops the worker.`,
  seconds: 14,
  watches: [{ service: 'worker', series: ['cpuUsageUs', 'nrThrottled', 'nrPeriods', 'throttledUs'] }],
  ifYouSawSomethingElse: [
    `Nothing was throttled: the worker has no limit, or a limit that ${THREADS} threads do not use up within a period. WORKER_CPUS in .env says how much it is.`,
    'Not measured: the machine was so busy that the threads hardly ran at the same time. A limit that is not reached is not tested.'
  ],

  async act (stage) {
    // The first job starts the process that all jobs run in, which is a burst of its own. A reading parts the two.
    await stage.job({ kind: 'cpu', params: { ms: 1, threads: 1 } })
    await stage.pause(APART_MS)
    await nextReading(stage, 'worker')
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
      checks: [
        average,
        stopped,
        ...bursts.map(({ job }, i) => succeeded(job, `job ${i + 1} succeeds`)),
        oneLife(evidence, ['worker'])
      ]
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
    claim: `on average the worker uses at most ${percent(LOW_SHARE)} of its quota`,
    source: `${sourceOf(worker, 'cpuUsageUs')}, ${kernelName('cpuMax', worker.version)}`,
    saw: cores === null ? 'not measured' : `${cpus(cores)} of ${cpus(worker.quotaCores)}`,
    holds: share === null ? null : share <= LOW_SHARE
  }
}

/**
 * One burst may escape. If more do, and none of them got its quota because the host was short of CPU time, the check is
 * inconclusive.
 */
function isStoppedInEach (worker: ServiceReadings, bursts: Burst[]): Check {
  const rises = bursts.map(({ window }) => worker.rise('nrThrottled', window))
  const count = rises.includes(null) ? null : rises.filter(rise => rise! > 0).length
  const stopped = check(`the kernel stops it in at least ${BURSTS - 1} of ${BURSTS} bursts`, sourceOf(worker, 'nrThrottled'), count,
    count => count >= BURSTS - 1, count => `${count} of ${BURSTS} bursts (${rises.map(rise => `+${rise}`).join(', ')})`)
  const escaped = bursts.filter((_burst, i) => rises[i] === 0)
  const isInconclusive = stopped.holds === false && escaped.every(({ job }) => isStarved(job, worker))
  return isInconclusive ? { ...stopped, holds: null } : stopped
}

function isStarved ({ usage }: EndedJob, { quotaCores }: ServiceReadings): boolean {
  if (usage === null || usage.cpuSeconds === null || typeof quotaCores !== 'number') return false
  return usage.cpuSeconds * 1000 / usage.wallMs < QUOTA_REACHED * quotaCores
}
