import { check, neighboursUntouched, noKills, oneLife, sourceOf, succeeded } from '#lab/experiments/judging/checks.ts'
import type { EndedJob, Evidence, Window } from '#lab/experiments/judging/evidence.ts'
import { atLimit, diskCacheBytes, fillsLimit, takenBack } from '#lab/experiments/judging/memory-checks.ts'
import { mib } from '#lab/format.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { Experiment } from './experiment.ts'

const MIB = 2 ** 20
/**
 * This fits into the 256 MiB of compose.yaml beside the worker and the job's process, and leaves room that the cache of
 * the disk has to fill.
 */
const TMPFS_MIB = 96
const FILE_MIB = 512
const HOLD_MS = 1500
/** Of the tmpfs, not quite 1: the kernel counts pages in batches. */
const ALL_SHARE = 0.97
/** Of the working set, not quite 1: the programs in the container may have become smaller meanwhile. */
const COUNTED_SHARE = 0.9

interface Facts { job: EndedJob, window: Window }

export const tmpfsCounts: Experiment<Facts> = {
  id: 'tmpfs-counts',
  topic: 'memory',
  title: 'A file in a tmpfs is memory',
  question: `The worker may use 256 MiB. One of its jobs writes ${TMPFS_MIB} MiB to /dev/shm and then ${FILE_MIB} MiB to disk. Memory fills up. What does the kernel take back?`,
  choices: [
    { id: 'both', text: 'Parts of both: they are files, and the page cache is not a program\'s memory.' },
    { id: 'disk', text: 'Only parts of the file on disk: the other file has nowhere to go.' },
    { id: 'uncounted', text: 'Only parts of the file on disk: a tmpfs does not count for the container at all.' },
    { id: 'killed', text: 'Nothing: the kernel kills the job.' }
  ],
  answer: 'disk',
  does: `Posts a file job that keeps ${TMPFS_MIB} MiB in a tmpfs while it writes ${FILE_MIB} MiB to disk, and reads how much of each is in memory when memory is full.`,
  seconds: 5,
  watches: [{ service: 'worker', series: ['memoryBytes', 'workingSetBytes', 'shmemBytes', 'fileBytes', 'oomKill'] }],
  ifYouSawSomethingElse: [
    'Memory stayed below the limit, so nothing had to be taken back: the worker has more memory. WORKER_MEMORY in .env says how much.',
    'The job crashed with ENOSPC: /dev/shm is smaller than the shm_size of compose.yaml.',
    'Less of the tmpfs stayed in memory: the container may swap. In compose.yaml memswap_limit equals the limit, so that it may not.'
  ],
  requires: ['shm'],

  async act (stage) {
    stage.say(`posting a file job: ${TMPFS_MIB} MiB in a tmpfs, ${FILE_MIB} MiB on disk`)
    const from = stage.seconds()
    const job = await stage.job({ kind: 'file', params: { mib: FILE_MIB, tmpfsMib: TMPFS_MIB, holdMs: HOLD_MS } })
    stage.say(job.error?.message ?? `the job ${job.status}`)
    return { job, window: [from, stage.seconds()] }
  },

  judge (evidence, { job, window }) {
    const worker = evidence.of('worker')
    const stayed = allStays(evidence, window)
    const cached = diskCacheBytes(worker, window)
    return {
      saw: stayed.holds === null || cached === null
        ? `The job ${job.status}, and memory was not full: ${fillsLimit(worker, window).saw}.`
        : `With memory full, ${stayed.saw} of the ${TMPFS_MIB} MiB in the tmpfs were in it, and ${mib(cached)} of the ${FILE_MIB} MiB on disk.`,
      checks: [
        fillsLimit(worker, window),
        stayed,
        takenBack(worker, FILE_MIB, window),
        isWorkingSet(evidence, window),
        isGoneAfterwards(evidence),
        succeeded(job),
        noKills(evidence, ['worker']),
        oneLife(evidence, ['worker']),
        ...neighboursUntouched(evidence, 'worker')
      ]
    }
  }
}

/** Checked in every reading in which memory was full. */
function allStays (evidence: Evidence, window: Window): Check {
  const worker = evidence.of('worker')
  const full = atLimit(worker)
  return check('nothing of the tmpfs is taken back', sourceOf(worker, 'shmemBytes'),
    full === null ? null : worker.minWhere('shmemBytes', full, window),
    bytes => bytes >= ALL_SHARE * TMPFS_MIB * MIB, bytes => mib(bytes))
}

function isWorkingSet (evidence: Evidence, window: Window): Check {
  const worker = evidence.of('worker')
  const before = worker.max('workingSetBytes', evidence.window('baseline'))
  const full = atLimit(worker)
  return check('the tmpfs is in the working set, which dashboards show as memory in use', sourceOf(worker, 'workingSetBytes'),
    full === null || before === null ? null : worker.minWhere('workingSetBytes', full, window),
    bytes => bytes >= COUNTED_SHARE * (before! + TMPFS_MIB * MIB), bytes => `${mib(bytes)}, ${mib(before!)} before`)
}

function isGoneAfterwards (evidence: Evidence): Check {
  const worker = evidence.of('worker')
  return check('its memory is free once the file is removed', sourceOf(worker, 'shmemBytes'), worker.min('shmemBytes', evidence.window('recovery')),
    bytes => bytes < (1 - ALL_SHARE) * TMPFS_MIB * MIB, bytes => `${mib(bytes)} afterwards`)
}
