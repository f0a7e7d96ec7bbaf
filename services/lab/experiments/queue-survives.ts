import type { Stage } from '#lab/experiments/acting/stage.ts'
import { NotMeasured } from '#lab/experiments/acting/stage.ts'
import { SteadyJobs } from '#lab/experiments/acting/steady-jobs.ts'
import { neighboursUntouched } from '#lab/experiments/judging/checks.ts'
import { killedAsAWhole, noneLost, startedAgain } from '#lab/experiments/judging/death-checks.ts'
import type { EndedJob } from '#lab/experiments/judging/evidence.ts'
import { limitMib } from '#lab/format.ts'
import type { Experiment } from './experiment.ts'

const JOBS_PER_SECOND = 25
/** Twice what compose.yaml gives Redis. */
const FILL_MIB = 256
const BEFORE_MS = 2000
const AFTER_MS = 1500
/** Filling memory is CPU work, under a quarter of a CPU, and an emulated host stretches it further. */
const FILL_TIMEOUT_MS = 180_000
const BACK_TIMEOUT_MS = 120_000
const PATIENCE_MS = 45_000

interface Facts {
  accepted: number
  /** Between the moment Redis was given too much and the first answer of the next one. */
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
    { id: 'waiting-lost', text: 'Those that waited in Redis are lost: its memory is gone.' },
    { id: 'second-lost', text: 'Redis writes a log: what came in its last second is lost, the rest runs.' },
    { id: 'refused', text: 'Until Redis is back the API refuses jobs, so that none can be lost.' },
    { id: 'none-lost', text: 'All that were accepted run, also those that were accepted while Redis was away.' }
  ],
  answer: 'none-lost',
  does: `Posts jobs at a steady rate, has the worker run a script in Redis that holds ${FILL_MIB} MiB, goes on posting until Redis is back, and asks after every job.`,
  seconds: 25,
  watches: [{ service: 'redis', series: ['memoryBytes', 'oomKill', 'pids'] }, { service: 'worker', series: ['memoryBytes', 'oomKill'] }],
  ifYouSawSomethingElse: [
    `Redis was not killed: ${FILL_MIB} MiB fit into its limit. REDIS_MEMORY in .env says what that is.`,
    'Jobs stay queued: the reconciler, which offers every unfinished row to the queue again, did not run (WORKER_RECONCILE_MS). The log alone (appendfsync everysec) does not know what was accepted while Redis was away.',
    'A job has two attempts: it was in the worker\'s hands when Redis died. It ran twice, and was recorded once.'
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
    stage.say(`asking after ${posting.ids.length} jobs`)
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
      saw: `Redis, whose limit is ${limitMib(evidence.of('redis').limits.memoryMaxBytes)}, was gone when it was to hold ${FILL_MIB} MiB. ${accepted} jobs were accepted, ${acceptedMeanwhile} of them meanwhile, ` +
        `${notAccepted} were not; ${lost.saw}; ${repeated} ran twice.`,
      checks: [
        killedAsAWhole(evidence, 'redis'),
        startedAgain(evidence, 'redis'),
        // With none there is nothing to lose, which shows nothing.
        { claim: 'jobs are accepted while Redis is away', source: 'POST /jobs', saw: `${acceptedMeanwhile}`, holds: acceptedMeanwhile > 0 ? true : null },
        lost,
        ...neighboursUntouched(evidence, 'redis')
      ]
    }
  }
}

/** Until the next one answers. @throws NotMeasured when it lives */
async function killRedis (stage: Stage): Promise<void> {
  stage.say(`the worker gives Redis ${FILL_MIB} MiB to hold`)
  const { connection } = await stage.json<{ connection: 'kept' | 'lost' }>('worker', `/work/redis-memory?mib=${FILL_MIB}`, { method: 'POST', timeoutMs: FILL_TIMEOUT_MS })
  if (connection === 'kept') throw new NotMeasured(`Redis was not killed: it held ${FILL_MIB} MiB and goes on. Its limit (REDIS_MEMORY) is higher than that.`)
  stage.say('Redis is gone')
  await stage.until(async () => (await stage.attempt('worker', '/readyz'))?.status === 200, 'Redis to be back', BACK_TIMEOUT_MS)
}
