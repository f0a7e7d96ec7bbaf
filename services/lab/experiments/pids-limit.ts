import {
  check,
  neighboursUntouched,
  oneLife,
  rose,
  sourceOf,
  succeeded,
  wholeRun
} from '#lab/experiments/judging/checks.ts'
import type { EndedJob, ServiceReadings, Window } from '#lab/experiments/judging/evidence.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { Experiment } from './experiment.ts'
import { kernelName } from './series.ts'

/**
 * More than the limit of compose.yaml, which counts threads too, not than the limit in force: with a higher limit the
 * claim must fail.
 */
const PROCESSES = 200
/** Long enough for several readings. */
const HOLD_MS = 2000
/**
 * The kernel refuses only forks. A process that joins from outside is let in with all its threads, as for each health
 * check of the engine: 134 of 128 were seen. Kernel: pids.rst.
 */
const JOINED_TASKS = 16

interface Facts { job: EndedJob }

export const pidsLimit: Experiment<Facts> = {
  id: 'pids-limit',
  topic: 'isolation',
  title: 'Beyond the pids limit',
  question: `The worker may have 128 tasks, that is, processes and threads. One of its jobs starts ${PROCESSES} processes. What happens?`,
  choices: [
    { id: 'oldest', text: 'For each process too many the kernel kills an older one to make room.' },
    { id: 'refused', text: 'fork fails from then on; the running processes go on, and so do the other containers.' },
    { id: 'host', text: 'Nothing yet: processes belong to the host, which has room for thousands.' },
    { id: 'container', text: 'The container is stopped, as after a fork bomb, and started again.' }
  ],
  answer: 'refused',
  does: `Posts one job that starts ${PROCESSES} sleeping processes and keeps them for ${HOLD_MS / 1000} s, and reads how many tasks the worker has and how often the kernel refuses one.`,
  seconds: 6,
  watches: [{ service: 'worker', series: ['pids', 'pidsLimitHits'] }],
  ifYouSawSomethingElse: [
    `All ${PROCESSES} started: the worker may have more tasks than that. WORKER_PIDS in .env says how many.`,
    'Fewer started than the limit allows: threads are tasks too, and each of the worker\'s own Node processes has about a dozen.'
  ],

  async act (stage) {
    stage.say(`posting a job of ${PROCESSES} processes`)
    const job = await stage.job({ kind: 'processes', params: { count: PROCESSES, holdMs: HOLD_MS } })
    stage.say(`the job ${job.status}`)
    return { job }
  },

  judge (evidence, { job }) {
    const worker = evidence.of('worker')
    const { pidsMax } = worker.limits
    const limit = pidsMax ?? 'an unknown limit'
    const most = worker.max('pids', wholeRun(evidence))
    const refused = job.result === null ? null : Number(job.result.refused)
    return {
      saw: `Of ${PROCESSES} processes the kernel refused ${refused ?? 'an unknown number'}; the worker had up to ${most ?? 'an unknown number of'} tasks of ${limit}.`,
      checks: [
        rose(evidence, worker, 'pidsLimitHits', 'the kernel refuses tasks', 1),
        keepsItsLimit(worker, wholeRun(evidence)),
        check('the job learns of the refused processes', 'GET /jobs/{id} result', refused,
          count => count > 0, count => `${count} refused, ${job.result!.started} started`),
        succeeded(job, 'nothing is killed for it: the job succeeds'),
        oneLife(evidence, ['worker']),
        ...neighboursUntouched(evidence, 'worker')
      ]
    }
  }
}

/** The lowest of the readings at or above the limit is what forks alone have reached. */
function keepsItsLimit (worker: ServiceReadings, window: Window): Check {
  const { pidsMax } = worker.limits
  const most = worker.max('pids', window)
  const lowestAtLimit =
    typeof pidsMax === 'number' ? worker.minWhere('pids', { of: 'pids', atLeast: pidsMax }, window) : null
  const forked = lowestAtLimit ?? most
  return check(`the worker's tasks stay within its limit, except while a health check joins (at most ${JOINED_TASKS})`,
    `${sourceOf(worker, 'pids')}, ${kernelName('pidsMax', worker.version)}`, pidsMax === null ? null : most,
    most => typeof pidsMax === 'number' && most <= pidsMax + JOINED_TASKS && forked! <= pidsMax,
    most => `${most} of ${pidsMax}${forked === most ? '' : `, ${forked} without those that joined`}`)
}
