import type { RecordedContainer } from '#lab/wire/experiments.ts'
import { recorded, valueAt } from './recorded.ts'
import { key, LEFT, path, RIGHT, svgOf, text } from './svg.ts'

const RUN = 'tmpfs-counts.v1'
const MIB = 2 ** 20

/** What the memory of a container consists of. Together they are its usage. */
export interface MemoryParts { anon: number, shmem: number, file: number, rest: number }

/** The kernel counts a tmpfs in `file` as well; here each byte is in one part. */
export function memoryParts (container: RecordedContainer, sample: number): MemoryParts {
  const anon = valueAt(container, 'anonBytes', sample)
  const shmem = valueAt(container, 'shmemBytes', sample)
  const file = valueAt(container, 'fileBytes', sample) - shmem
  const rest = valueAt(container, 'memoryBytes', sample) - anon - shmem - file
  if (file < 0 || rest < 0) {
    throw new Error(`the parts of ${container.service} at sample ${sample} are more than the whole`)
  }
  return { anon, shmem, file, rest }
}

/** From the bottom up. */
const stacked: Array<{ part: keyof MemoryParts, words: string }> = [
  { part: 'anon', words: 'anonymous: heaps and stacks' },
  { part: 'shmem', words: 'shmem: files in a tmpfs' },
  { part: 'file', words: 'page cache: files on disk' },
  { part: 'rest', words: 'the kernel’s own, and the rest' }
]

const AXIS = LEFT + 40
const TOP = 62
const BOTTOM = 262

export function memoryPartsPicture (): string {
  const { container, phase } = recorded(RUN, 'worker')
  const limit = container.limits.memoryMaxBytes
  if (typeof limit !== 'number') throw new Error(`${RUN} was recorded without a memory limit`)
  const ends = Math.floor(container.atSeconds.at(-1)!)
  const samples = container.atSeconds
    .map((at, i) => ({ at, parts: memoryParts(container, i) }))
    .filter(({ at }) => at <= ends)
  const fullest = samples.map(({ parts }) => parts).reduce((most, parts) => usage(parts) > usage(most) ? parts : most)
  const x = (seconds: number) => AXIS + seconds / ends * (RIGHT - AXIS)
  const y = (bytes: number) => BOTTOM - bytes / limit * (BOTTOM - TOP)
  const { fromSeconds, toSeconds } = phase('action')
  return svgOf({
    name: 'memory-parts',
    title: 'What a container’s memory consists of, up to its limit',
    description: described(limit, samples[0]!.parts, fullest),
    height: 414,
    elements: [
      text(LEFT, 30, 'Memory of the worker, MiB', { look: 'strong' }),
      ...[0, 0.25, 0.5, 0.75].flatMap(share => [
        path([[AXIS, y(share * limit)], [RIGHT, y(share * limit)]], 'stroke stroke-line'),
        text(AXIS - 6, y(share * limit) + 5, String(mib(share * limit)), { anchor: 'end', look: 'soft' })
      ]),
      ...stacked.map(({ part }, layer) => area(part, layer, samples, x, y)),
      path([[AXIS, BOTTOM], [RIGHT, BOTTOM]], 'stroke stroke-ink'),
      path([[AXIS, TOP], [RIGHT, TOP]], 'stroke stroke-limit'),
      text(AXIS - 6, TOP + 5, String(mib(limit)), { anchor: 'end', look: 'limit' }),
      text(AXIS, TOP - 8, 'limit', { look: 'limit' }),
      ...names(fullest, x((fromSeconds + toSeconds) / 2), y),
      text(x(fromSeconds), BOTTOM + 20, 'job starts', { anchor: 'middle' }),
      text(x(toSeconds), BOTTOM + 20, 'ends', { anchor: 'middle' }),
      text(AXIS, BOTTOM + 40, '0 s', { look: 'soft' }),
      text(RIGHT, BOTTOM + 40, `${ends} s`, { anchor: 'end', look: 'soft' }),
      ...stacked.toReversed().flatMap(({ part, words }, i) => key(LEFT, BOTTOM + 72 + i * 22, `fill-${part}`, words))
    ]
  })
}

function usage ({ anon, shmem, file, rest }: MemoryParts): number { return anon + shmem + file + rest }

function mib (bytes: number): number { return Math.round(bytes / MIB) }

type Scale = (value: number) => number

function area (
  part: keyof MemoryParts, layer: number, samples: Array<{ at: number, parts: MemoryParts }>, x: Scale, y: Scale
): string {
  const base = (parts: MemoryParts) => stacked.slice(0, layer).reduce((sum, { part }) => sum + parts[part], 0)
  const upper = samples.map(({ at, parts }): [number, number] => [x(at), y(base(parts) + parts[part])])
  const lower = samples.map(({ at, parts }): [number, number] => [x(at), y(base(parts))])
  return path([...upper, ...lower.toReversed()], `fill-${part}`, true)
}

/** Each in the middle of its area. */
function names ({ anon, shmem, file }: MemoryParts, x: number, y: Scale): string[] {
  return [
    text(x, y(anon / 2) + 5, 'anonymous', { anchor: 'middle', look: 'on-anon' }),
    text(x, y(anon + shmem / 2) + 5, 'shmem', { anchor: 'middle', look: 'on-shmem' }),
    text(x, y(anon + shmem + file / 2) + 5, 'page cache', { anchor: 'middle', look: 'on-file' })
  ]
}

function described (limit: number, before: MemoryParts, fullest: MemoryParts): string {
  return 'Recorded in a run of the experiment tmpfs-counts. ' +
    `Before the job the worker has ${mib(before.anon)} MiB of anonymous memory. ` +
    `The job writes ${mib(fullest.shmem)} MiB into a tmpfs and then 512 MiB to disk. ` +
    `Usage goes up to the limit of ${mib(limit)} MiB and stays there: ${mib(fullest.anon)} MiB anonymous, ` +
    `${mib(fullest.shmem)} MiB in the tmpfs, ${mib(fullest.file)} MiB of page cache, ` +
    `${mib(fullest.rest)} MiB of the kernel and the rest. ` +
    'No process is killed: from the page cache the kernel takes back what it needs. ' +
    'When the files are deleted, both parts are gone.'
}
