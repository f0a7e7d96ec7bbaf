import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { hierarchyOf, listContainers, type ClosedDirectory, type Container } from '#cgroup/containers.ts'

/** A container elsewhere than beside those that are there is seen this late. */
const FULL_MS = 1000

/**
 * The containers in the host's tree. Walking it four times a second would cost as much as reading the stack; that a
 * directory came or went shows in the names in the one above, for a twentieth of the price. (The number of its links
 * would tell for a hundredth, but not that one came as another went, which is what recreating a container looks like.)
 */
export class Tree {
  readonly #root: string
  readonly #top: string
  readonly #nowMs: () => number
  readonly #onClosed: (met: ClosedDirectory[]) => void
  #containers: Container[] = []
  #names = ''
  #walkedMs = -Infinity

  /** `onClosed` is told of all directories that one walk could not look into, also if there are none. */
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

  /** In every directory that holds containers. */
  #namesBeside (): string {
    const parents = new Set(this.#containers.map(({ path }) => dirname(path)))
    return [...parents].map(path => `${path} ${namesIn(join(this.#top, path))}`).join('\n')
  }
}

function namesIn (path: string): string {
  try {
    return readdirSync(path).join(' ')
  } catch {
    // It went, and so did what was in it; or it is closed, of which the next walk tells.
    return ''
  }
}
