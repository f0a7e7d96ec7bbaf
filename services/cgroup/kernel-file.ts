import { closeSync, openSync, readSync, statSync } from 'node:fs'

/*
 * Why synchronous. A cgroup file is not on a disk: the kernel prints it while we read, in about a microsecond. Measured
 * on a small host: pread on a kept descriptor 1.7 us, readFileSync 16 us, fs.promises.readFile 245 us. Handing such a
 * read to a thread costs a hundred times the read itself, and a reading taken in one go is of one moment.
 * docs/decisions/0001 says what would change our mind.
 *
 * Why a kept descriptor. It is cheaper, and it cannot be fooled: it belongs to one life of the cgroup, and answers
 * ENODEV once that is over, even if a new cgroup stands under the same path.
 */

/** The cgroup was removed while it was being read: what was read so far is worth nothing. */
export class Vanished extends Error {}

/**
 * One buffer for all files: a synchronous read is over before the next begins. Grown when a file fills it, never by
 * `st_size`, which is 0 for every cgroup file.
 */
let buffer = Buffer.allocUnsafeSlow(8192)

const LF = 10

/** The smallest page size, less the room for one process id. */
const NEARLY_A_PAGE = 4096 - 16

/** One file of a cgroup directory, opened on first use. */
export class KernelFile {
  readonly path: string
  #descriptor: number | null = null

  constructor (path: string) {
    this.path = path
  }

  /**
   * The whole text, or `null` where the kernel does not say: no such file (controller not enabled here, kernel too
   * old), or EOPNOTSUPP on reading (pressure files with PSI switched off). Throws `Vanished` when the cgroup is gone,
   * and an error with the path if the file exists and cannot be read.
   */
  text (): string | null {
    try {
      const descriptor = this.#open()
      return descriptor === null ? null : textOf(descriptor)
    } catch (error) {
      return this.#absence(error as NodeJS.ErrnoException)
    }
  }

  /**
   * Counts lines without making a string of them. It is meant for `cgroup.procs`, the one file that the kernel hands
   * out in pieces, because it may be long: a page at a time, in whole lines. A piece with room for another line is the
   * last.
   */
  lines (): number | null {
    try {
      const descriptor = this.#open()
      return descriptor === null ? null : linesOf(descriptor)
    } catch (error) {
      return this.#absence(error as NodeJS.ErrnoException)
    }
  }

  close (): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor)
    this.#descriptor = null
  }

  /** Looks for a missing file every time, because a controller may be enabled later. */
  #open (): number | null {
    this.#descriptor ??= openIfThere(this.path)
    return this.#descriptor
  }

  #absence (error: NodeJS.ErrnoException): null {
    switch (error.code) {
      case 'ENOTSUP': // Linux gives EOPNOTSUPP the same number
      case 'EOPNOTSUPP':
        return null
      case 'ENODEV':
        throw new Vanished(this.path, { cause: error })
      default:
        throw new Error(`${this.path}: ${error.message}`, { cause: error })
    }
  }
}

/**
 * One read gives the whole file: the kernel prints it in one piece, so reading on at an offset would join two
 * printings. Only a full buffer means there may be more; then again from the start, into a larger one.
 */
function textOf (descriptor: number): string {
  let length = readSync(descriptor, buffer, 0, buffer.length, 0)
  while (length === buffer.length) {
    buffer = Buffer.allocUnsafeSlow(buffer.length * 2)
    length = readSync(descriptor, buffer, 0, buffer.length, 0)
  }
  return buffer.toString('latin1', 0, length)
}

function linesOf (descriptor: number): number {
  let count = 0
  let position = 0
  for (;;) {
    const length = readSync(descriptor, buffer, 0, buffer.length, position)
    for (let i = 0; i < length; i++) if (buffer[i] === LF) count++
    if (length < NEARLY_A_PAGE) return count
    position += length
  }
}

/**
 * Checking first costs less than an exception, and a file that exists may be gone a moment later. `existsSync` will not
 * do: it also says `false` for a file inside a closed directory.
 */
export function openIfThere (path: string): number | null {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return null
  try {
    return openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
