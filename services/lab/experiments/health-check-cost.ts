import type { Stage } from '#lab/experiments/acting/stage.ts'
import { check, oneLife, sourceOf } from '#lab/experiments/judging/checks.ts'
import type { EndedJob, Evidence, Window } from '#lab/experiments/judging/evidence.ts'
import { mib, ms } from '#lab/format.ts'
import type { JobParams } from '#shared/jobs/job.ts'
import type { Experiment } from './experiment.ts'

/** What a probe with Node takes at least: times the CPU of one with bash, and memory while it runs. */
const CPU_FACTOR = 10
const RUNTIME_MIB = 10
/** Long enough for several readings of memory. */
const MEASURE_MS = 2000
const REST_MS = 500
/** The fewest probes. On a busy machine a few take long; the cost shows only in many. */
const least = { bash: 50, node: 5 }
/** The most probes: each is also a request to the worker, whose own heap grows with them. */
const MOST = 200

type Runtime = JobParams['probe']['with']

/** A row of probes: what the job reports, when it ran, and the time of rest before it. */
interface Row {
  times: number
  answered: number
  cpuMs: number | null
  atRest: Window
  window: Window
}

interface Facts { node: Row, bash: Row }

export const healthCheckCost: Experiment<Facts> = {
  id: 'health-check-cost',
  topic: 'cpu',
  title: 'What a health check costs',
  question: 'A health check runs inside the container that it checks. What does a Node one-liner (`node -e "fetch(…)"`) cost, compared with a few lines of bash?',
  choices: [
    { id: 'nothing', text: 'Nothing: the engine runs it outside the container\'s limits.' },
    { id: 'same', text: 'About the same: the request is what costs, not the program that sends it.' },
    { id: 'twice', text: 'Twice as much CPU, and hardly any memory.' },
    { id: 'runtime', text: 'Many times the CPU, and the memory of a second runtime, all of it inside the limits.' }
  ],
  answer: 'runtime',
  does: 'Lets the worker probe its own /livez for a few seconds with bash and then for a few seconds with Node, in a new process each time, and reads the worker\'s CPU and memory.',
  seconds: 9,
  watches: [{ service: 'worker', series: ['memoryBytes', 'anonBytes', 'cpuUsageUs'] }],
  ifYouSawSomethingElse: [
    'Both cost about the same: the script in the image, /usr/local/bin/http-get, is no longer a bash script.',
    'Some probes were not answered: the worker was too busy, or its pids limit was too low for one more process.'
  ],

  async act (stage) {
    // The first probe pays for what all share: the process that jobs run in, and the files in the page cache.
    await probe(stage, 'bash', 1)
    const [bashTimes, nodeTimes] = [await howMany(stage, 'bash', 10), await howMany(stage, 'node', 1)]
    return { bash: await row(stage, 'bash', bashTimes), node: await row(stage, 'node', nodeTimes) }
  },

  judge (evidence, { node, bash }) {
    const worker = evidence.of('worker')
    const cpuMs = { node: perProbe(node), bash: perProbe(bash) }
    const factor = cpuMs.node === null || cpuMs.bash === null || cpuMs.bash === 0 ? null : cpuMs.node / cpuMs.bash
    const above = { node: riseOf(evidence, node), bash: riseOf(evidence, bash) }
    return {
      saw: factor === null || above.node === null || above.bash === null
        ? 'The cost of a probe was not measured.'
        : `A probe with Node took ${ms(cpuMs.node!)} of CPU and ${mib(above.node)} of memory; with bash ${ms(cpuMs.bash!)} and ${mib(above.bash)}.`,
      checks: [
        answered(node, bash),
        check(`Node takes at least ${CPU_FACTOR} times the CPU`, `${sourceOf(worker, 'cpuUsageUs')}, around each row of probes`, factor,
          factor => factor >= CPU_FACTOR, factor => `${Math.round(factor)} times: ${ms(cpuMs.node!)} against ${ms(cpuMs.bash!)} a probe`),
        check(`Node takes at least ${RUNTIME_MIB} MiB of memory while it runs`, sourceOf(worker, 'memoryBytes'), above.node,
          bytes => bytes >= RUNTIME_MIB * 2 ** 20, bytes => `${mib(bytes)} above rest, with bash ${above.bash === null ? 'not measured' : mib(above.bash)}`),
        oneLife(evidence, ['worker'])
      ]
    }
  }
}

function probe (stage: Stage, runtime: Runtime, times: number): Promise<EndedJob> {
  return stage.job({ kind: 'probe', params: { with: runtime, times } })
}

/** How many probes fill the time of measuring, judged by how long a few take here. */
async function howMany (stage: Stage, runtime: Runtime, few: number): Promise<number> {
  const { usage } = await probe(stage, runtime, few)
  const eachMs = Math.max(1, usage?.wallMs ?? 0) / few
  return Math.min(MOST, Math.max(least[runtime], Math.round(MEASURE_MS / eachMs)))
}

/** Waits until the worker was read at rest. */
async function rest (stage: Stage): Promise<Window> {
  const from = stage.seconds()
  const soFar = (): Window => [from, stage.seconds()]
  await stage.pause(REST_MS)
  await stage.until(
    () => stage.evidence().of('worker').max('memoryBytes', soFar()) !== null,
    'a reading of the worker',
    30_000
  )
  return soFar()
}

async function row (stage: Stage, runtime: Runtime, times: number): Promise<Row> {
  const atRest = await rest(stage)
  stage.say(`${times} probes with ${runtime}`)
  const from = stage.seconds()
  const { usage, result } = await probe(stage, runtime, times)
  const cpuSeconds = usage?.cpuSeconds ?? null
  const cpuMs = cpuSeconds === null ? null : cpuSeconds * 1000
  return { times, answered: Number(result?.answered ?? 0), cpuMs, atRest, window: [from, stage.seconds()] }
}

function perProbe ({ cpuMs, times }: Row): number | null {
  return cpuMs === null ? null : cpuMs / times
}

/** How far memory rose above its level at rest. */
function riseOf (evidence: Evidence, { window, atRest }: Row): number | null {
  const worker = evidence.of('worker')
  const [highest, rest] = [worker.max('memoryBytes', window), worker.min('memoryBytes', atRest)]
  return highest === null || rest === null ? null : highest - rest
}

/** A probe that fails at once costs nothing, so its cost is inconclusive. */
function answered (...rows: Row[]): ReturnType<typeof check> {
  const sumOf = (key: 'times' | 'answered'): number => rows.reduce((sum, row) => sum + row[key], 0)
  const [times, count] = [sumOf('times'), sumOf('answered')]
  return {
    claim: 'every probe was answered',
    source: 'GET /jobs/{id}',
    saw: `${count} of ${times}`,
    holds: count === times ? true : null
  }
}
