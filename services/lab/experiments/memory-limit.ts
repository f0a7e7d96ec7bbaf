import { neighboursUntouched, oneLife, rose, wholeRun } from '#lab/experiments/judging/checks.ts'
import { killedForOwnLimit } from '#lab/experiments/judging/death-checks.ts'
import type { EndedJob } from '#lab/experiments/judging/evidence.ts'
import { reachesLimit } from '#lab/experiments/judging/memory-checks.ts'
import { mib } from '#lab/format.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { Experiment } from './experiment.ts'

/** Twice the limit of compose.yaml, not of the limit in force: without a limit the claim must fail. */
const JOB_MIB = 512

interface Facts { job: EndedJob }

export const memoryLimit: Experiment<Facts> = {
  id: 'memory-limit',
  topic: 'memory',
  title: 'Beyond the memory limit',
  question: `The worker may use 256 MiB. One of its jobs takes ${JOB_MIB} MiB. What happens?`,
  choices: [
    { id: 'refused', text: 'The allocation fails, and the job gets an error that it can handle.' },
    { id: 'swapped', text: 'The job gets slow: the kernel moves memory to swap.' },
    { id: 'killed', text: 'The kernel kills the job\'s process; the worker and the other containers go on.' },
    { id: 'container', text: 'The whole container is stopped and started again.' }
  ],
  answer: 'killed',
  does: `Posts one memory job of ${JOB_MIB} MiB and reads the counters of the worker and of its neighbours before, during and after it.`,
  seconds: 3,
  watches: [{ service: 'worker', series: ['memoryBytes', 'peakBytes', 'anonBytes', 'oomKill'] }],
  ifYouSawSomethingElse: [
    'The job succeeded: the worker has more memory than the job takes. WORKER_MEMORY in .env says how much.',
    'The worker was restarted: another process in the container was larger than the job when memory ran out.'
  ],

  async act (stage) {
    stage.say(`posting a memory job of ${JOB_MIB} MiB`)
    const job = await stage.job({ kind: 'memory', params: { mib: JOB_MIB, holdMs: 500, heap: false } })
    stage.say(`the job ${job.status}${job.error === null ? '' : `: ${job.error.code}`}`)
    return { job }
  },

  judge (evidence, { job }) {
    const worker = evidence.of('worker')
    const wasKilled = job.error?.code === 'oom_killed'
    const reached = reachesLimit(worker, wholeRun(evidence))
    const ownLimit = killedForOwnLimit(evidence, 'worker')
    const limit = mib(worker.limits.memoryMaxBytes)
    return {
      saw: wasKilled ? killWords(limit, [reached, ...ownLimit]) : `The job of ${JOB_MIB} MiB ${job.status}: the worker's limit is ${limit}.`,
      checks: [
        rose(evidence, worker, 'oomKill', 'the kernel killed a process in the worker', 1),
        reached,
        ...ownLimit,
        { claim: 'the job was the victim', source: 'GET /jobs/{id}', saw: job.error?.code ?? job.status, holds: wasKilled },
        oneLife(evidence, ['worker']),
        ...neighboursUntouched(evidence, 'worker')
      ]
    }
  }
}

function killWords (limit: string, ofLimit: Check[]): string {
  return ofLimit.every(({ holds }) => holds)
    ? `The kernel killed the job's process when the worker's memory reached ${limit}; the worker and the others went on.`
    : `The kernel killed the job's process; it is not shown that the worker's own limit, ${limit}, was the reason.`
}
