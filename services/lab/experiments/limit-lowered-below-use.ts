import type { Limit } from '#cgroup/reading.ts'
import { nextReading } from '#lab/experiments/acting/api-load.ts'
import type { Stage } from '#lab/experiments/acting/stage.ts'
import {
  check, neighboursUntouched, noKills, oneLife, rose, sourceOf, succeeded, wholeRun
} from '#lab/experiments/judging/checks.ts'
import type { EndedJob, Evidence, Window } from '#lab/experiments/judging/evidence.ts'
import { mib } from '#lab/format.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { Experiment } from './experiment.ts'

const MIB = 2 ** 20
/** What the job holds, beside what the worker has for itself. */
const JOB_MIB = 128
/** Room for the worker without its job, and not for both. */
const LOWER_MIB = 128
/** Long enough for both questions, also on a slow host: a job that has ended holds nothing. */
const HOLD_MS = 8000
const HELD_MS = 60_000

interface Facts {
  job: EndedJob
  /** While the job held its memory. */
  held: Window
  before: Limit
  /** Why the limit was not lowered: when asked with care, and when asked all the same. `null`: it was. */
  withCare: string | null
  allTheSame: string | null
  /** The limit in force after that. */
  after: Limit
}

export const limitLoweredBelowUse: Experiment<Facts> = {
  id: 'limit-lowered-below-use',
  topic: 'memory',
  title: 'A limit below what is in use',
  question: `The worker may use 256 MiB, and one of its jobs holds ${JOB_MIB} MiB. While it does, somebody lowers the worker's limit to ${LOWER_MIB} MiB. What happens?`,
  choices: [
    { id: 'given-back', text: 'The kernel takes memory from the job until the rest fits, and the job goes on with less.' },
    { id: 'new-only', text: 'Nothing: a limit is looked at when a process asks for more memory, and the job asks for none.' },
    { id: 'swapped', text: 'The kernel moves what does not fit to swap, and the job gets slow.' },
    { id: 'refused-or-killed', text: 'The kernel refuses the limit (cgroup v1), or kills processes until the rest fits (cgroup v2).' }
  ],
  answer: 'refused-or-killed',
  requires: ['broker'],
  does: `Posts a memory job of ${JOB_MIB} MiB, has the broker lower the worker's limit to ${LOWER_MIB} MiB while the job holds its memory, first with care and then all the same, and puts the limit back.`,
  seconds: 12,
  watches: [{ service: 'worker', series: ['memoryBytes', 'anonBytes', 'oomKill'] }],
  ifYouSawSomethingElse: [
    'The limit was lowered and the job went on: there is swap, and the kernel moved memory there before it looked at the limit of memory and swap together.',
    'On cgroup v2 the job succeeded all the same: its worker was killed as well, and the next one did the job again.'
  ],

  async act (stage) {
    const before = limitOf(stage)
    stage.say(`posting a memory job of ${JOB_MIB} MiB`)
    const id = await stage.post({ kind: 'memory', params: { mib: JOB_MIB, holdMs: HOLD_MS, heap: false } })
    const from = stage.seconds()
    await stage.until(() => isHeld(stage.evidence(), from), `a reading with ${JOB_MIB} MiB more`, HELD_MS)
    const asked = { service: 'worker', memoryBytes: LOWER_MIB * MIB }
    const withCare = await stage.limit(asked)
    stage.say(`asked for ${LOWER_MIB} MiB with care: ${withCare?.message ?? 'done'}`)
    const held = [from, stage.seconds()] as const
    const allTheSame = await stage.limit({ ...asked, evenBelowUse: true })
    stage.say(`asked for it all the same: ${allTheSame === null ? 'done' : reasonIn(allTheSame.message)}`)
    await nextReading(stage, 'worker')
    const after = limitOf(stage)
    const job = await stage.ended(id)
    stage.say(`the job ${job.status}${job.error === null ? '' : `: ${job.error.code}`}`)
    return {
      job,
      held,
      before,
      after,
      withCare: withCare?.details.code ?? null,
      allTheSame: allTheSame && reasonIn(allTheSame.message)
    }
  },

  judge (evidence, facts) {
    const worker = evidence.of('worker')
    const { withCare, held } = facts
    return {
      saw: summaryOf(evidence, facts),
      checks: [
        check(`what cannot be taken back is more than ${LOWER_MIB} MiB`, sourceOf(worker, 'anonBytes'),
          worker.max('anonBytes', held), bytes => bytes > LOWER_MIB * MIB, mib),
        {
          claim: 'asked with care, the broker leaves the limit as it is',
          source: 'POST /limits',
          saw: withCare ?? 'it was lowered',
          holds: withCare === 'below_use'
        },
        ...(facts.allTheSame === null ? killed(evidence, facts) : refused(evidence, facts)),
        ...neighboursUntouched(evidence, 'worker')
      ]
    }
  }
}

/**
 * On v2 `memory.max` is taken at once; then the kernel reclaims, and kills if that is not enough. It looks at the usage
 * after each kill, and what a killed process had is not free at once, so it may kill the worker as well.
 */
function killed (evidence: Evidence, { job }: Facts): Check[] {
  const isInterrupted = job.error?.code === 'oom_killed' || job.attempts > 1
  return [
    rose(evidence, evidence.of('worker'), 'oomKill', 'asked all the same, the kernel kills in the worker', 1),
    {
      claim: 'the job does not survive it',
      source: 'GET /jobs/{id}',
      saw: `${job.error?.code ?? job.status} after ${job.attempts} ${job.attempts === 1 ? 'attempt' : 'attempts'}`,
      holds: isInterrupted
    }
  ]
}

/** On v1 the write to `memory.limit_in_bytes` fails with EBUSY if reclaiming does not make enough room. */
function refused (evidence: Evidence, { job, allTheSame, before, after }: Facts): Check[] {
  return [
    {
      claim: 'asked all the same, the kernel refuses the limit',
      source: 'POST /limits',
      saw: allTheSame ?? 'it was lowered',
      holds: allTheSame !== null
    },
    {
      claim: 'the limit stays as it was',
      source: sourceOf(evidence.of('worker'), 'memoryMaxBytes'),
      saw: mib(after),
      holds: after === null ? null : after === before
    },
    noKills(evidence, ['worker']),
    oneLife(evidence, ['worker']),
    succeeded(job)
  ]
}

function summaryOf (evidence: Evidence, { job, allTheSame }: Facts): string {
  const { version } = evidence.of('worker')
  const kills = evidence.of('worker').rise('oomKill', wholeRun(evidence))
  const killed = kills === 1 ? 'one process' : `${kills ?? 'an unknown number of'} processes`
  const answer = allTheSame === null ? `took the limit, and killed ${killed}` : 'refused the limit'
  return `On cgroup ${version === 'v2' ? 'v2' : 'v1'} the kernel ${answer}. The job ${job.error?.code ?? job.status}.`
}

/** Without the engine's preface: `unable to set memory limit to 134217728 (current usage: 210976768, …)`. */
function reasonIn (message: string): string { return message.trim().split(/exit status \d+: /).at(-1)! }

function isHeld (evidence: Evidence, from: number): boolean {
  const worker = evidence.of('worker')
  const [least, most] = [worker.min('anonBytes', [0, from]), worker.max('anonBytes', [from, Infinity])]
  return least !== null && most !== null && most - least >= JOB_MIB * MIB
}

function limitOf (stage: Stage): Limit { return stage.evidence().of('worker').limits.memoryMaxBytes }
