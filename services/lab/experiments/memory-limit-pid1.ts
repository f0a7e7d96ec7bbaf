import { NotMeasured } from '#lab/experiments/acting/stage.ts'
import { neighboursUntouched } from '#lab/experiments/judging/checks.ts'
import { killedAsAWhole, noneLost, startedAgain } from '#lab/experiments/judging/death-checks.ts'
import type { EndedJob } from '#lab/experiments/judging/evidence.ts'
import { limitMib } from '#lab/format.ts'
import type { Experiment } from './experiment.ts'

/** Twice what compose.yaml gives the API. Not twice the limit that is there: without a limit this must fail. */
const WORK_MIB = 512
const JOBS = 8
const JOB_MS = 500
/** Filling memory is CPU work, under a limit that an emulated host stretches further. */
const WORK_TIMEOUT_MS = 120_000
const PATIENCE_MS = 60_000

interface Facts {
  /** Of the request for memory; `null`: it was never answered. */
  answered: number | null
  jobs: Array<Pick<EndedJob, 'id' | 'status' | 'attempts'> | null>
}

export const memoryLimitPid1: Experiment<Facts> = {
  id: 'memory-limit-pid1',
  topic: 'memory',
  title: 'Beyond the memory limit, in the main process',
  question: `The API is one process, and may use 256 MiB. A request makes it take ${WORK_MIB} MiB, while ${JOBS} jobs that it accepted wait for the worker. What happens?`,
  choices: [
    { id: 'refused', text: 'The allocation fails; the request gets an error, and the API goes on.' },
    { id: 'container', text: 'The kernel kills the process, its container ends and is started again; the others go on, and no job is lost.' },
    { id: 'jobs', text: 'The container is started again; the jobs it had accepted went with its memory.' },
    { id: 'stack', text: 'Whoever depends on the API is started again too: the worker and the lab.' }
  ],
  answer: 'container',
  does: `Posts ${JOBS} sleep jobs, then asks the API itself for ${WORK_MIB} MiB (GET /work/memory), waits until it is back, and asks what became of the jobs.`,
  seconds: 15,
  watches: [{ service: 'api', series: ['memoryBytes', 'oomKill', 'pids'] }, { service: 'worker', series: ['memoryBytes', 'oomKill'] }],
  ifYouSawSomethingElse: [
    'The API answered: it has more memory than was asked for. API_MEMORY in .env says how much.',
    'It did not come back: the restart policy is gone, or it was killed so often that the engine waits between starts, twice as long each time.',
    'Not measured: the kernel does not count kills (cgroup v1 before Linux 4.13), or several containers ended in the same moment.'
  ],

  async act (stage) {
    // Where work on request is switched off this says so, before anything was done.
    await stage.json('api', '/work/cpu?ms=1')
    stage.say(`posting ${JOBS} jobs that sleep ${JOB_MS} ms`)
    const ids: string[] = []
    while (ids.length < JOBS) ids.push(await stage.post({ kind: 'sleep', params: { ms: JOB_MS } }))
    stage.say(`asking the API for ${WORK_MIB} MiB`)
    const answer = await stage.attempt('api', `/work/memory?mib=${WORK_MIB}&holdMs=500`, { timeoutMs: WORK_TIMEOUT_MS })
    stage.say(answer === null ? 'the connection is lost: the API is gone' : `the API answered ${answer.status}`)
    if (answer?.status === 400) throw new NotMeasured(`the API does not take requests for ${WORK_MIB} MiB: MAX_WORK_MEMORY_MIB in .env is lower`)
    const jobs = await stage.endings(ids, PATIENCE_MS)
    stage.say('the API tells how the jobs ended')
    return { answered: answer?.status ?? null, jobs: jobs.map(job => job && { id: job.id, status: job.status, attempts: job.attempts }) }
  },

  judge (evidence, { answered, jobs }) {
    const { limits } = evidence.of('api')
    const lost = noneLost(jobs)
    return {
      saw: answered === null
        ? `The API, whose limit is ${limitMib(limits.memoryMaxBytes)}, was gone when it was to take ${WORK_MIB} MiB; its container was started again. Jobs: ${lost.saw}.`
        : `The API took ${WORK_MIB} MiB and answered ${answered}: its limit is ${limitMib(limits.memoryMaxBytes)}.`,
      checks: [
        killedAsAWhole(evidence, 'api'),
        startedAgain(evidence, 'api'),
        { claim: 'nobody was left to answer the request', source: 'GET /work/memory', saw: answered === null ? 'no answer' : `status ${answered}`, holds: answered === null },
        lost,
        ...neighboursUntouched(evidence, 'api')
      ]
    }
  }
}
