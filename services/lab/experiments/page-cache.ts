import { check, neighboursUntouched, noKills, oneLife, sourceOf, succeeded } from '#lab/experiments/judging/checks.ts'
import type { EndedJob, ServiceReadings, Window } from '#lab/experiments/judging/evidence.ts'
import { diskCacheBytes, fillsLimit, takenBack } from '#lab/experiments/judging/memory-checks.ts'
import { mib } from '#lab/format.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { Experiment } from './experiment.ts'

/** Twice the limit of compose.yaml, not of the limit in force: without a limit the claim must fail. */
const FILE_MIB = 512
/** Long enough for a reading of the full cache, however fast the disk is. */
const HOLD_MS = 1500
/** Of the limit. */
const LOW_SHARE = 0.5

interface Facts { job: EndedJob, window: Window }

export const pageCache: Experiment<Facts> = {
  id: 'page-cache',
  topic: 'memory',
  title: 'Full, and not in danger',
  question: `The worker may use 256 MiB. One of its jobs writes a file of ${FILE_MIB} MiB to disk and reads it back. What happens to the worker's memory?`,
  choices: [
    { id: 'nothing', text: 'Nothing: files are on disk, and the page cache belongs to the host.' },
    { id: 'killed', text: `It goes up to the limit, and the kernel kills the job: ${FILE_MIB} MiB do not fit.` },
    { id: 'cache', text: 'It goes up to the limit and stays there, and nothing is killed: the kernel takes cache back.' },
    { id: 'error', text: 'At the limit the write fails with "no space left".' }
  ],
  answer: 'cache',
  does: `Posts a file job of ${FILE_MIB} MiB and compares the worker's usage with its usage without the cache, and with the working set that dashboards show.`,
  seconds: 6,
  watches: [{ service: 'worker', series: ['memoryBytes', 'workingSetBytes', 'fileBytes', 'oomKill'] }],
  ifYouSawSomethingElse: [
    'Memory stayed below the limit: there is room for the whole file. WORKER_MEMORY in .env says how much memory the worker has.',
    'The working set was as high as the usage: it leaves out only the cache that the kernel calls inactive. Cache that was read twice is active, and with a multi-generational LRU new cache is active too. The kernel can take it back all the same.'
  ],

  async act (stage) {
    stage.say(`posting a file job of ${FILE_MIB} MiB`)
    const from = stage.seconds()
    const job = await stage.job({ kind: 'file', params: { mib: FILE_MIB, holdMs: HOLD_MS } })
    stage.say(`the job ${job.status}`)
    return { job, window: [from, stage.seconds()] }
  },

  judge (evidence, { job, window }) {
    const worker = evidence.of('worker')
    const top = worker.max('memoryBytes', window)
    const workingSet = worker.atMaxOf('memoryBytes', 'workingSetBytes', window)
    return {
      saw: `The job ${job.status}. Usage went up to ${sized(top)} of ${mib(worker.limits.memoryMaxBytes)}; at that moment the working set was ${sized(workingSet)}.`,
      checks: [
        fillsLimit(worker, window),
        takenBack(worker, FILE_MIB, window),
        littleBesideCache(worker, window),
        succeeded(job),
        noKills(evidence, ['worker']),
        oneLife(evidence, ['worker']),
        ...neighboursUntouched(evidence, 'worker')
      ]
    }
  }
}

function littleBesideCache (worker: ServiceReadings, window: Window): Check {
  const limit = worker.limits.memoryMaxBytes
  const top = worker.max('memoryBytes', window)
  const cache = diskCacheBytes(worker, window)
  return check('what cannot be taken back is less than half of the limit', `${sourceOf(worker, 'memoryBytes')} - memory.stat file + shmem`,
    top === null || cache === null || typeof limit !== 'number' ? null : top - cache,
    bytes => bytes < LOW_SHARE * Number(limit), bytes => `${mib(bytes)} when memory was fullest`)
}

function sized (bytes: number | null): string {
  return bytes === null ? 'not measured' : mib(bytes)
}
