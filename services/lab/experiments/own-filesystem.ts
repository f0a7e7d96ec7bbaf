import { randomUUID } from 'node:crypto'
import { leaveFile, writers, type LeftFile } from '#lab/experiments/acting/left-file.ts'
import { rollCall } from '#lab/experiments/acting/roll-call.ts'
import { allDiffer, listed, repliesOf, type RollCall } from '#lab/experiments/judging/roll-call.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { Experiment } from './experiment.ts'

interface Facts { files: LeftFile[], roll: RollCall }

export const ownFilesystem: Experiment<Facts> = {
  id: 'own-filesystem',
  topic: 'isolation',
  title: 'A disk of its own',
  question: 'A file is written in the API\'s container, under a path that every container has. Where is it found?',
  choices: [
    { id: 'all', text: 'In every container: they run on one host, which has one disk.' },
    { id: 'image', text: 'In the containers whose images share the same layers.' },
    { id: 'self', text: 'Only in the API\'s container, and only where the API may write at all.' },
    { id: 'nobody', text: 'Nowhere: a container cannot write files.' }
  ],
  answer: 'self',
  does: 'Leaves a small file in the API\'s container, then in the worker\'s, then in the lab\'s, looks for it in all three, tries to write to the root file system, and removes every file.',
  seconds: 2,
  watches: [{ service: 'api', series: ['shmemBytes'] }, { service: 'worker', series: ['shmemBytes'] }],
  ifYouSawSomethingElse: [
    'The file was found in another container: both have the same /dev/shm, as with `ipc: "service:api"` or a common volume.',
    'Writing to the root file system worked: the container runs without `read_only: true`. What was written is lost when the container is removed.'
  ],
  requires: ['namespaces', 'image'],

  async act (stage) {
    const id = randomUUID()
    const files: LeftFile[] = []
    for (const writer of writers) files.push(await leaveFile(id, writer, stage))
    const roll = await rollCall(stage)
    stage.say(listed(repliesOf(roll, view => view.osRelease)))
    return { files, roll }
  },

  judge (_evidence, { files, roll }) {
    const checks = [
      foundAtHome(files),
      refusedByRoot(files),
      mountedReadOnly(roll),
      allDiffer('each has its own root', 'stat(2) of /: device and inode',
        repliesOf(roll, ({ root }) => root && `${root.device} ${root.inode}`))
    ]
    const wrong = checks.filter(({ holds }) => holds === false).map(({ claim, saw }) => `${claim}: ${saw}`)
    return {
      saw: wrong.length === 0
        ? 'A file was found only in the container that wrote it, and no container could write to its root file system.'
        : `Does not hold: ${wrong.join('; ')}.`,
      checks
    }
  }
}

function foundAtHome (files: LeftFile[]): Check {
  const strayed = files.some(({ writer, foundBy }) => foundBy.some(seeker => seeker !== writer))
  const isComplete = files.length > 0 && files.every(({ writer, foundBy }) => foundBy.includes(writer))
  return {
    claim: 'a file is found only where it was written',
    source: 'open(2) of the same path in three containers',
    saw: files.map(({ writer, foundBy }) => `the ${writer}'s file in ${foundBy.join(' and ') || 'none'}`).join(', '),
    holds: strayed ? false : isComplete ? true : null
  }
}

/** /tmp is a directory of the image that every user may write to. */
function refusedByRoot (files: LeftFile[]): Check {
  const errors = files.map(({ writer, written }) => ({
    writer,
    attempt: written.find(({ path }) => path.startsWith('/tmp/'))
  }))
  const isRefused = errors.every(({ attempt }) => attempt?.error === 'EROFS')
  const hasWritten = errors.some(({ attempt }) => attempt?.error === null)
  return {
    claim: 'the root file system cannot be written to',
    source: 'open(2) in /tmp',
    saw: errors.map(({ writer, attempt }) => `${writer} ${attempt === undefined ? 'not tried' : attempt.error ?? 'written'}`).join(', '),
    holds: hasWritten ? false : isRefused ? true : null
  }
}

function mountedReadOnly (roll: RollCall): Check {
  const replies = repliesOf(roll, ({ root }) => root && (root.isReadOnly ? 'ro' : 'rw'))
  return {
    claim: 'each root is mounted read-only',
    source: '/proc/self/mountinfo',
    saw: listed(replies),
    holds: replies.some(({ value }) => value === 'rw') ? false : replies.every(({ value }) => value === 'ro') ? true : null
  }
}
