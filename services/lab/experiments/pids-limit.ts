import { check, neighboursUntouched, oneLife, rose, sourceOf, succeeded, wholeRun } from '#lab/experiments/judging/checks.ts'
import type { EndedJob, ServiceReadings, Window } from '#lab/experiments/judging/evidence.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { Experiment } from './experiment.ts'
import { kernelName } from './series.ts'

/**
 * More than compose.yaml lets the worker have, threads included. Not more than the limit that is there: with a higher
 * one this must fail.
 */
const PROCESSES = 200
/** Long enough to be read several times. */
const HOLD_MS = 3000
/**
 * Only fork is refused. Who joins from outside is let in with all his threads, as the engine is for each health check:
 * 134 of 128 were seen. Kernel: pids.rst.
 */
const JOINED_TASKS = 16

interface Facts { job: EndedJob }

export const pidsLimit: Experiment<Facts> = {
  id: 'pids-limit',
  topic: 'isolation',
  title: 'Beyond the pids limit',
  question: `The worker may have 128 tasks, that is processes and threads. A job of its starts ${PROCESSES} processes. What happens?`,
  choices: [
    { id: 'oldest', text: 'Each one too many costs the life of an older one: the kernel kills to make room.' },
    { id: 'refused', text: 'fork fails from then on; those that run go on, and so does everybody else.' },
    { id: 'host', text: 'Nothing yet: processes are the host\'s, and it has room for thousands.' },
    { id: 'container', text: 'The container is stopped, as for a fork bomb, and started again.' }
  ],
  answer: 'refused',
  does: `Posts one job that starts ${PROCESSES} sleeping processes and keeps them for ${HOLD_MS / 1000} s, and reads how many tasks the worker has and how often the kernel refused one.`,
  seconds: 12,
  watches: [{ service: 'worker', series: ['pids', 'pidsLimitHits'] }],
  ifYouSawSomethingElse: [
    `All ${PROCESSES} started: the worker may have more tasks than that. WORKER_PIDS in .env says how many.`,
    'Fewer started than the limit says: threads are tasks too, and the worker\'s own Node processes have about a dozen each.'
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
    const limit = pidsMax ?? 'a limit nobody tells'
    const most = worker.max('pids', wholeRun(evidence))
    const refused = job.result === null ? null : Number(job.result.refused)
    return {
      saw: `Of ${PROCESSES} processes the kernel refused ${refused ?? 'nobody knows how many'}; the worker had up to ${most ?? 'nobody knows how many'} tasks of ${limit}.`,
      checks: [
        rose(evidence, worker, 'pidsLimitHits', 'the kernel refuses tasks', 1),
        keepsItsLimit(worker, wholeRun(evidence)),
        check('the job is told of each one that is refused', 'GET /jobs/{id} result', refused, count => count > 0, count => `${count} refused, ${job.result!.started} started`),
        succeeded(job, 'nobody is killed for it: the job succeeds'),
        oneLife(evidence, ['worker']),
        ...neighboursUntouched(evidence, 'worker')
      ]
    }
  }
}

/** Of the readings at the limit or above, the lowest is what forks alone came to. */
function keepsItsLimit (worker: ServiceReadings, window: Window): Check {
  const { pidsMax } = worker.limits
  const most = worker.max('pids', window)
  const forked = typeof pidsMax === 'number' ? worker.minWhere('pids', { of: 'pids', atLeast: pidsMax }, window) ?? most : most
  return check(`the worker has no more tasks than its limit, but for a moment in which a health check joins (${JOINED_TASKS} at most)`,
    `${sourceOf(worker, 'pids')}, ${kernelName('pidsMax', worker.version)}`, pidsMax === null ? null : most,
    most => typeof pidsMax === 'number' && most <= pidsMax + JOINED_TASKS && forked! <= pidsMax,
    most => `${most} of ${pidsMax}${forked === most ? '' : `, ${forked} without who joined`}`)
}
