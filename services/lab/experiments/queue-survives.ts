import { NotMeasured, type Stage } from '#lab/experiments/acting/stage.ts'
import { SteadyJobs } from '#lab/experiments/acting/steady-jobs.ts'
import { neighboursUntouched } from '#lab/experiments/judging/checks.ts'
import { killedAsAWhole, noneLost, startedAgain } from '#lab/experiments/judging/death-checks.ts'
import type { EndedJob } from '#lab/experiments/judging/evidence.ts'
import { mib } from '#lab/format.ts'
import type { Experiment } from './experiment.ts'

const JOBS_PER_SECOND = 25
/** Twice the limit of compose.yaml. */
const FILL_MIB = 256
const BEFORE_MS = 1000
const AFTER_MS = 1000
/** Filling memory needs CPU time, Redis may use a quarter of a CPU, and an emulated host takes even longer. */
const FILL_TIMEOUT_MS = 180_000
const BACK_TIMEOUT_MS = 120_000
const PATIENCE_MS = 45_000

interface Facts {
  accepted: number
  /** Between the moment when Redis gets too much and the first answer after its restart. */
  acceptedMeanwhile: number
  notAccepted: number
  jobs: Array<Pick<EndedJob, 'id' | 'status' | 'attempts'> | null>
}

export const queueSurvives: Experiment<Facts> = {
  id: 'queue-survives',
  topic: 'resilience',
  title: 'The queue is killed under load',
  question: `${JOBS_PER_SECOND} jobs a second are accepted and go through Redis to the worker. Redis reaches its memory limit and is killed. What becomes of the jobs?`,
  choices: [
    { id: 'waiting-lost', text: 'The jobs that waited in Redis are lost: its memory is gone.' },
    { id: 'second-lost', text: 'Redis writes a log: the jobs of its last second are lost, the others run.' },
    { id: 'refused', text: 'Until Redis is back the API refuses jobs, so that none can be lost.' },
    { id: 'none-lost', text: 'All accepted jobs run, even those that were accepted while Redis was away.' }
  ],
  answer: 'none-lost',
  does: `Posts jobs at a steady rate, has the worker run a script in Redis that holds ${FILL_MIB} MiB, goes on posting until Redis is back, and asks how every job ended.`,
  seconds: 11,
  watches: [
    { service: 'redis', series: ['memoryBytes', 'oomKill', 'pids'] },
    { service: 'worker', series: ['memoryBytes', 'oomKill'] }
  ],
  ifYouSawSomethingElse: [
    `Redis was not killed: ${FILL_MIB} MiB fit into its limit. REDIS_MEMORY in .env says how much that is.`,
    'Jobs stay queued: the reconciler, which offers every unfinished row to the queue again, did not run (WORKER_RECONCILE_MS). The log of Redis alone (appendfsync everysec) has nothing of what was accepted while Redis was away.',
    'A job has two attempts: the worker was running it when Redis died. It ran twice and was recorded once.'
  ],

  async act (stage) {
    stage.say(`posting ${JOBS_PER_SECOND} jobs a second`)
    const posting = new SteadyJobs(stage, JOBS_PER_SECOND)
    stage.atEnd(() => posting.stop())
    await stage.pause(BEFORE_MS)
    const before = posting.ids.length
    await killRedis(stage)
    const acceptedMeanwhile = posting.ids.length - before
    stage.say(`Redis is back; ${acceptedMeanwhile} jobs were accepted meanwhile`)
    await stage.pause(AFTER_MS)
    await posting.stop()
    stage.say(`asking how ${posting.ids.length} jobs ended`)
    const jobs = await stage.endings(posting.ids, PATIENCE_MS)
    return {
      accepted: posting.ids.length,
      acceptedMeanwhile,
      notAccepted: posting.notAccepted,
      jobs: jobs.map(job => job && { id: job.id, status: job.status, attempts: job.attempts })
    }
  },

  judge (evidence, { accepted, acceptedMeanwhile, notAccepted, jobs }) {
    const lost = noneLost(jobs)
    const repeated = jobs.filter(job => job !== null && job.attempts > 1).length
    return {
      saw: `Redis, whose limit is ${mib(evidence.of('redis').limits.memoryMaxBytes)}, was gone when it had to hold ${FILL_MIB} MiB. ` +
        `${accepted} jobs were accepted, ${acceptedMeanwhile} of them meanwhile, ${notAccepted} were not; ${lost.saw}; ${repeated} ran twice.`,
      checks: [
        killedAsAWhole(evidence, 'redis'),
        startedAgain(evidence, 'redis'),
        // Without any there was nothing to lose, which is inconclusive.
        {
          claim: 'jobs are accepted while Redis is away',
          source: 'POST /jobs',
          saw: `${acceptedMeanwhile}`,
          holds: acceptedMeanwhile > 0 ? true : null
        },
        lost,
        ...neighboursUntouched(evidence, 'redis')
      ]
    }
  }
}

/** Resolves when the next Redis answers. @throws NotMeasured when this one is not killed */
async function killRedis (stage: Stage): Promise<void> {
  stage.say(`the worker has Redis hold ${FILL_MIB} MiB`)
  const path = `/work/redis-memory?mib=${FILL_MIB}`
  const question = { method: 'POST', timeoutMs: FILL_TIMEOUT_MS }
  const { connection } = await stage.json<{ connection: 'kept' | 'lost' }>('worker', path, question)
  if (connection === 'kept') {
    throw new NotMeasured(`Redis was not killed: it held ${FILL_MIB} MiB and goes on. Its limit (REDIS_MEMORY) is higher than that.`)
  }
  stage.say('Redis is gone')
  await stage.until(
    async () => (await stage.attempt('worker', '/readyz'))?.status === 200,
    'Redis to be back',
    BACK_TIMEOUT_MS
  )
}
