import { neighboursUntouched, noKills, oneLife, succeeded } from '#lab/experiments/judging/checks.ts'
import { gotItsQuota, ifReached, throttledIn } from '#lab/experiments/judging/cpu-checks.ts'
import type { EndedJob, ServiceReadings, Window } from '#lab/experiments/judging/evidence.ts'
import { seconds } from '#lab/format.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { Experiment } from './experiment.ts'

const THREADS = 2
const CPU_SECONDS = 2
/** Two busy threads use up the quota of nearly every period. */
const MOSTLY = 0.5
/** Of the job's time, left out at each end: its process starts, and its last work is shorter than a period. */
const UNSTEADY_SHARE = 0.2
/** The job may be faster by a little: quota that one period left unused may be used in the next one. */
const TOLERATED_SHARE = 0.9

interface Facts { job: EndedJob, window: Window }

export const cpuLimit: Experiment<Facts> = {
  id: 'cpu-limit',
  topic: 'cpu',
  title: 'Beyond the CPU limit',
  question: `The worker may use half a CPU. One of its jobs keeps ${THREADS} threads busy, enough for two CPUs, and needs ${CPU_SECONDS} s of CPU time. What happens?`,
  choices: [
    { id: 'borrowed', text: 'It gets both CPUs while nothing else needs them: a limit counts only under competition.' },
    { id: 'slowed', text: `It gets half a CPU, even if the rest is idle, and takes ${2 * CPU_SECONDS} s.` },
    { id: 'killed', text: 'The kernel kills the job\'s process, as it does when memory runs out.' },
    { id: 'one-cpu', text: 'It gets one whole CPU, which is half of two. The threads take turns.' }
  ],
  answer: 'slowed',
  does: `Posts one cpu job of ${THREADS} threads and ${CPU_SECONDS} s of CPU time, and reads how much CPU the worker gets and how often the kernel stops it.`,
  seconds: 6,
  watches: [{ service: 'worker', series: ['cpuUsageUs', 'nrPeriods', 'nrThrottled'] }],
  ifYouSawSomethingElse: [
    'The job was not slowed: the worker has no limit (WORKER_CPUS=0 in .env), or a limit that two threads do not reach.',
    'Not measured: the machine was so busy that the worker did not get its half CPU. A limit that is not reached is not tested.'
  ],

  async act (stage) {
    stage.say(`posting a cpu job: ${THREADS} threads, ${CPU_SECONDS} s of CPU time`)
    const from = stage.seconds()
    const job = await stage.job({ kind: 'cpu', params: { ms: CPU_SECONDS * 1000 / THREADS, threads: THREADS } })
    stage.say(`the job ${job.status}`)
    return { job, window: [from, stage.seconds()] }
  },

  judge (evidence, { job, window }) {
    const worker = evidence.of('worker')
    const middle = middleOf(window)
    const quota = gotItsQuota(worker, middle)
    const slowed = isSlowed(job, worker)
    return {
      saw: `The worker got ${quota.saw}, and the job ${job.status}: ${slowed.saw}.`,
      checks: [
        ...ifReached(quota, throttledIn(worker, middle, MOSTLY), slowed),
        succeeded(job, 'nothing fails: the job only takes longer'),
        noKills(evidence, ['worker']),
        oneLife(evidence, ['worker']),
        ...neighboursUntouched(evidence, 'worker')
      ]
    }
  }
}

function middleOf ([from, to]: Window): Window {
  const margin = (to - from) * UNSTEADY_SHARE
  return [from + margin, to - margin]
}

function isSlowed ({ result }: EndedJob, { quotaCores }: ServiceReadings): Check {
  const [cpuMs, wallMs] = [Number(result?.cpuMs), Number(result?.wallMs)]
  return {
    claim: 'the job takes at least its CPU time divided by the quota',
    source: 'GET /jobs/{id} result',
    saw: result === null ? 'not measured' : `${seconds(wallMs / 1000)} for ${seconds(cpuMs / 1000)} of CPU time`,
    holds: result === null || typeof quotaCores !== 'number' ? null : wallMs >= TOLERATED_SHARE * cpuMs / quotaCores
  }
}
