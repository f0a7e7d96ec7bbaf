import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { hierarchyOf, listContainers, type Container } from '#cgroup/containers.ts'
import type { ClosedDirectory } from '#cgroup/walk.ts'

/** Worst-case delay for a container in a directory we are not watching. */
const FULL_MS = 1000

/**
 * The containers in the host's tree. Walking it four times a second would cost as much as reading the stack. Whether a
 * directory appeared or disappeared shows in the list of names in its parent, for a twentieth of the price. (The
 * parent's link count costs a hundredth, but does not change when one directory replaces another, which is what
 * recreating a container looks like.)
 */
export class Tree {
  readonly #root: string
  readonly #top: string
  readonly #nowMs: () => number
  readonly #onClosed: (met: ClosedDirectory[]) => void
  #containers: Container[] = []
  #names = ''
  #walkedMs = -Infinity

  /** `onClosed` is called after each walk, with all directories that could not be entered, also if there are none. */
  constructor (root: string, nowMs: () => number, onClosed: (met: ClosedDirectory[]) => void = () => {}) {
    this.#root = root
    this.#onClosed = onClosed
    this.#top = hierarchyOf(root)
    this.#nowMs = nowMs
  }

  list (): Container[] {
    const nowMs = this.#nowMs()
    if (nowMs - this.#walkedMs >= FULL_MS || this.#namesBeside() !== this.#names) {
      const closed: ClosedDirectory[] = []
      this.#containers = listContainers(this.#root, directory => closed.push(directory))
      this.#onClosed(closed)
      this.#names = this.#namesBeside()
      this.#walkedMs = nowMs
    }
    return this.#containers
  }

  /** The names in every directory that holds containers. */
  #namesBeside (): string {
    const parents = new Set(this.#containers.map(({ path }) => dirname(path)))
    return [...parents].map(path => `${path} ${namesIn(join(this.#top, path))}`).join('\n')
  }
}

function namesIn (path: string): string {
  try {
    return readdirSync(path).join(' ')
  } catch {
    // It was removed with all that was in it; or it is closed, which the next walk reports.
    return ''
  }
}
