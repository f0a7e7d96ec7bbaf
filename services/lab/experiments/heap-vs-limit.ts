import type { Stage } from '#lab/experiments/acting/stage.ts'
import { check, neighboursUntouched, oneLife, sourceOf, wholeRun } from '#lab/experiments/judging/checks.ts'
import type { EndedJob } from '#lab/experiments/judging/evidence.ts'
import { mib } from '#lab/format.ts'
import type { Check } from '#lab/wire/experiments.ts'
import { whoami, type Whoami } from '#shared/process/whoami.ts'
import type { Experiment } from './experiment.ts'

/** More than any ceiling below: a job goes on until V8 or the kernel ends it. */
const JOB_MIB = 768
/** A quarter and twice the limit of compose.yaml, not of the limit in force: without a limit the claim must fail. */
const BELOW_MIB = 64
const ABOVE_MIB = 512

interface Case {
  /** `null`: V8 was not given one. */
  ceilingMib: number | null
  job: Pick<EndedJob, 'status' | 'error' | 'usage'>
}

interface Facts {
  cases: Case[]
  /** The ceiling that V8 chose in each service, by the container's limit. */
  beliefs: Array<{ service: string, heapLimitBytes: number }>
}

export const heapVsLimit: Experiment<Facts> = {
  id: 'heap-vs-limit',
  topic: 'memory',
  title: 'V8\'s ceiling against the container\'s',
  question: `A job fills its JavaScript heap until it is stopped, in a container of 256 MiB: once with --max-old-space-size=${BELOW_MIB}, once with ${ABOVE_MIB}. What stops it?`,
  choices: [
    { id: 'v8', text: 'V8, both times: it knows the container\'s limit and stays below it.' },
    { id: 'kernel', text: 'The kernel, both times: the container\'s limit counts, whatever V8 was given.' },
    { id: 'lower', text: `The lower ceiling: V8 stops it at ${BELOW_MIB} MiB, with a message; the kernel stops it before ${ABOVE_MIB} MiB, without one.` },
    { id: 'collected', text: 'Nothing: shortly before the limit the garbage collector makes room.' }
  ],
  answer: 'lower',
  does: `Posts three memory jobs that fill the heap: with a ceiling of ${BELOW_MIB} MiB, with one of ${ABOVE_MIB} MiB, and with the one that V8 chooses for itself.`,
  seconds: 6,
  watches: [{ service: 'worker', series: ['memoryBytes', 'anonBytes', 'oomKill'] }],
  ifYouSawSomethingElse: [
    `V8 stopped both: the worker's limit is above ${ABOVE_MIB} MiB (WORKER_MEMORY in .env).`,
    `The kernel killed both: together with everything else in the container, ${BELOW_MIB} MiB of heap do not fit below the limit.`,
    'The ceiling is for V8\'s old space only. Young objects, buffers, code and stacks come on top, and only the kernel counts them.'
  ],

  async act (stage) {
    const beliefs = await askBeliefs(stage)
    const cases: Case[] = []
    for (const ceilingMib of [BELOW_MIB, ABOVE_MIB, null]) {
      stage.say(`filling a heap whose ceiling is ${ceilingWords(ceilingMib)}`)
      const heapMib = ceilingMib ?? undefined
      const { status, error, usage } = await stage.job({
        kind: 'memory',
        params: { mib: JOB_MIB, holdMs: 0, heap: true, heapMib }
      })
      stage.say(error?.message ?? `the job ${status}`)
      cases.push({ ceilingMib, job: { status, error, usage } })
    }
    return { cases, beliefs }
  },

  judge (evidence, { cases, beliefs }) {
    const worker = evidence.of('worker')
    const limit = mib(worker.limits.memoryMaxBytes)
    const kills = cases.filter(({ job }) => job.error?.code === 'oom_killed').length
    const own = beliefs.find(({ service }) => service === 'worker')?.heapLimitBytes
    const caseOf = (ceilingMib: number | null): Case => cases.find(row => row.ceilingMib === ceilingMib)!
    return {
      saw: `In ${limit}: ${cases.map(({ ceilingMib, job }) => `ceiling ${ceilingWords(ceilingMib)}, ${endOf(job)}`).join('; ')}.` +
        (own === undefined ? '' : ` V8 chooses ${mib(own)} in the worker.`),
      checks: [
        endsWith(caseOf(BELOW_MIB), 'heap_exhausted', `V8 gives up at its ceiling of ${BELOW_MIB} MiB, and says so`),
        endsWith(caseOf(ABOVE_MIB), 'oom_killed', `the kernel kills before a ceiling of ${ABOVE_MIB} MiB is reached`),
        check(
          'the kernel counts exactly these kills',
          sourceOf(worker, 'oomKill'),
          worker.rise('oomKill', wholeRun(evidence)),
          count => count === kills,
          count => `+${count}, for ${kills} killed jobs`
        ),
        oneLife(evidence, ['worker']),
        ...neighboursUntouched(evidence, 'worker')
      ]
    }
  }
}

async function askBeliefs (stage: Stage): Promise<Facts['beliefs']> {
  const asked = ['api', 'worker'] as const
  const others = await Promise.all(
    asked.map(async service => ({ service, self: await stage.json<Whoami>(service, '/whoami') }))
  )
  return [...others, { service: 'lab', self: whoami() }].map(({ service, self }) => ({
    service,
    heapLimitBytes: self.believes.heapLimitBytes
  }))
}

function endsWith ({ job }: Case, code: string, claim: string): Check {
  return { claim, source: 'GET /jobs/{id}', saw: job.error?.message ?? job.status, holds: job.error?.code === code }
}

function endOf ({ error, status }: Case['job']): string {
  return error?.code ?? status
}

function ceilingWords (ceilingMib: number | null): string {
  return ceilingMib === null ? 'V8\'s own choice' : `${ceilingMib} MiB`
}
