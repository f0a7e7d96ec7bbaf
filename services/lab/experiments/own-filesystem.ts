import { randomUUID } from 'node:crypto'
import { leaveFile, writers, type LeftFile } from '#lab/experiments/acting/left-file.ts'
import { rollCall } from '#lab/experiments/acting/stage.ts'
import { allDiffer, repliesOf, type RollCall } from '#lab/experiments/judging/roll-call.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { Experiment } from './experiment.ts'

interface Facts { files: LeftFile[], roll: RollCall }

export const ownFilesystem: Experiment<Facts> = {
  id: 'own-filesystem',
  topic: 'isolation',
  title: 'A disk of its own',
  question: 'A file is written in the API\'s container, under a path that every container has. Who finds it?',
  choices: [
    { id: 'all', text: 'Everybody: they run on one host, and that has one disk.' },
    { id: 'image', text: 'Those whose image has the same layers below.' },
    { id: 'self', text: 'The API alone, and only where it may write at all.' },
    { id: 'nobody', text: 'Nobody: a container cannot write files.' }
  ],
  answer: 'self',
  does: 'Leaves a small file in the API\'s container, then in the worker\'s, then in the lab\'s, and looks for it in all three; tries to write to the root file system; and takes every file away again.',
  seconds: 5,
  watches: [{ service: 'api', series: ['shmemBytes'] }, { service: 'worker', series: ['shmemBytes'] }],
  ifYouSawSomethingElse: [
    'Another container found the file: both have the same /dev/shm, as with `ipc: "service:api"`, or a volume over it.',
    'Writing to the root worked: the container runs without `read_only: true`. What was written would be gone with the container.'
  ],
  requires: ['namespaces', 'image'],

  async act (stage) {
    const id = randomUUID()
    const files: LeftFile[] = []
    for (const writer of writers) files.push(await leaveFile(id, writer, stage))
    const roll = await rollCall(stage)
    stage.say(repliesOf(roll, who => who.osRelease).map(({ service, value }) => `${service}: ${value ?? 'not told'}`).join(', '))
    return { files, roll }
  },

  judge (_evidence, { files, roll }) {
    const checks = [
      foundAtHome(files),
      refusedByRoot(files),
      mountedReadOnly(roll),
      allDiffer('each has a root of its own', 'stat(2) of /: device and inode', repliesOf(roll, ({ root }) => root && `${root.device} ${root.inode}`))
    ]
    const wrong = checks.filter(({ holds }) => holds === false).map(({ claim, saw }) => `${claim}: ${saw}`)
    return {
      saw: wrong.length === 0
        ? 'A file was found only in the container that wrote it, and nobody could write to its root file system.'
        : `Not so: ${wrong.join('; ')}.`,
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
    saw: files.map(({ writer, foundBy }) => `that of ${writer} by ${foundBy.join(' and ') || 'nobody'}`).join(', '),
    holds: strayed ? false : isComplete ? true : null
  }
}

/** /tmp is a directory of the image, in which everybody might write. */
function refusedByRoot (files: LeftFile[]): Check {
  const errors = files.map(({ writer, written }) => ({ writer, attempt: written.find(({ path }) => path.startsWith('/tmp/')) }))
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
  const said = repliesOf(roll, ({ root }) => root && (root.isReadOnly ? 'ro' : 'rw'))
  return {
    claim: 'each root is mounted read-only',
    source: '/proc/self/mountinfo',
    saw: said.map(({ service, value }) => `${service} ${value ?? 'not told'}`).join(', '),
    holds: said.some(({ value }) => value === 'rw') ? false : said.every(({ value }) => value === 'ro') ? true : null
  }
}
