import { NotMeasured } from '#lab/experiments/acting/stage.ts'
import { neighboursUntouched } from '#lab/experiments/judging/checks.ts'
import { killedAsAWhole, noneLost, startedAgain } from '#lab/experiments/judging/death-checks.ts'
import type { EndedJob } from '#lab/experiments/judging/evidence.ts'
import { mib } from '#lab/format.ts'
import type { Experiment } from './experiment.ts'

/** Twice the limit of compose.yaml, not of the limit in force: without a limit the claim must fail. */
const WORK_MIB = 512
const JOBS = 8
const JOB_MS = 500
/** Filling memory needs CPU time, which is limited, and an emulated host takes even longer. */
const WORK_TIMEOUT_MS = 120_000
const PATIENCE_MS = 60_000

interface Facts {
  /** The status of the request for memory. `null`: it was never answered. */
  answered: number | null
  jobs: Array<Pick<EndedJob, 'id' | 'status' | 'attempts'> | null>
}

export const memoryLimitPid1: Experiment<Facts> = {
  id: 'memory-limit-pid1',
  topic: 'memory',
  title: 'Beyond the memory limit, in the main process',
  question: `The API is one process and may use 256 MiB. A request makes it take ${WORK_MIB} MiB, while ${JOBS} jobs that it has accepted wait for the worker. What happens?`,
  choices: [
    { id: 'refused', text: 'The allocation fails: the request gets an error, and the API goes on.' },
    { id: 'container', text: 'The kernel kills the process, so its container ends and is started again; the other containers go on, and no job is lost.' },
    { id: 'jobs', text: 'The container is started again; the jobs that it had accepted are lost with its memory.' },
    { id: 'stack', text: 'Everything that depends on the API is started again too: the worker and the lab.' }
  ],
  answer: 'container',
  does: `Posts ${JOBS} sleep jobs, then asks the API itself for ${WORK_MIB} MiB (GET /work/memory), waits until it is back, and asks how the jobs ended.`,
  seconds: 8,
  watches: [
    { service: 'api', series: ['memoryBytes', 'oomKill', 'pids'] },
    { service: 'worker', series: ['memoryBytes', 'oomKill'] }
  ],
  ifYouSawSomethingElse: [
    'The API answered: it has more memory than the request takes. API_MEMORY in .env says how much.',
    'The API did not come back: it has no restart policy, or it was killed so often that the engine waits between starts, twice as long each time.',
    'Not measured: the kernel does not count kills (cgroup v1 before Linux 4.13), or several containers ended at the same moment.'
  ],

  async act (stage) {
    // If work on request is switched off, this fails before anything is done.
    await stage.json('api', '/work/cpu?ms=1')
    stage.say(`posting ${JOBS} jobs that sleep ${JOB_MS} ms`)
    const ids: string[] = []
    while (ids.length < JOBS) ids.push(await stage.post({ kind: 'sleep', params: { ms: JOB_MS } }))
    stage.say(`asking the API for ${WORK_MIB} MiB`)
    const answer = await stage.attempt('api', `/work/memory?mib=${WORK_MIB}&holdMs=500`, { timeoutMs: WORK_TIMEOUT_MS })
    stage.say(answer === null ? 'the connection is lost: the API is gone' : `the API answered ${answer.status}`)
    if (answer?.status === 400) {
      throw new NotMeasured(`the API does not take requests for ${WORK_MIB} MiB: MAX_WORK_MEMORY_MIB in .env is lower`)
    }
    const jobs = await stage.endings(ids, PATIENCE_MS)
    stage.say('the API reports how the jobs ended')
    return {
      answered: answer?.status ?? null,
      jobs: jobs.map(job => job && { id: job.id, status: job.status, attempts: job.attempts })
    }
  },

  judge (evidence, { answered, jobs }) {
    const { limits } = evidence.of('api')
    const lost = noneLost(jobs)
    return {
      saw: answered === null
        ? `The API, whose limit is ${mib(limits.memoryMaxBytes)}, was gone when it had to take ${WORK_MIB} MiB; its container was started again. Jobs: ${lost.saw}.`
        : `The API took ${WORK_MIB} MiB and answered ${answered}: its limit is ${mib(limits.memoryMaxBytes)}.`,
      checks: [
        killedAsAWhole(evidence, 'api'),
        startedAgain(evidence, 'api'),
        {
          claim: 'the request is not answered',
          source: 'GET /work/memory',
          saw: answered === null ? 'no answer' : `status ${answered}`,
          holds: answered === null
        },
        lost,
        ...neighboursUntouched(evidence, 'api')
      ]
    }
  }
}
