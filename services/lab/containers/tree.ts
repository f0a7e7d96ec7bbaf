import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { listContainers, type Container } from '../../cgroup/containers.ts'
import { controllerMounts, detectVersion } from '../../cgroup/mounts.ts'

/** A change that leaves the number of directories as it was (one went, one came) is seen this late. */
const FULL_MS = 1000

/**
 * The containers in the host's tree. Walking it four times a second would cost as much as reading the stack; that a directory came
 * or went shows in the number of links of the one above, for a hundredth of the price.
 */
export class Tree {
  readonly #root: string
  readonly #top: string
  readonly #nowMs: () => number
  #containers: Container[] = []
  #links = ''
  #walkedMs = -Infinity

  constructor (root: string, nowMs: () => number) {
    this.#root = root
    this.#top = hierarchyOf(root)
    this.#nowMs = nowMs
  }

  list (): Container[] {
    const nowMs = this.#nowMs()
    if (nowMs - this.#walkedMs >= FULL_MS || this.#countLinks() !== this.#links) {
      this.#containers = listContainers(this.#root)
      this.#links = this.#countLinks()
      this.#walkedMs = nowMs
    }
    return this.#containers
  }

  /** Of every directory that holds containers. */
  #countLinks (): string {
    const parents = new Set(this.#containers.map(({ path }) => dirname(path)))
    return [...parents].map(path => `${path} ${statSync(join(this.#top, path), { throwIfNoEntry: false })?.nlink}`).join('\n')
  }
}

/** The one that `listContainers` walks. */
function hierarchyOf (root: string): string {
  if (detectVersion(root) === 'v2') return root
  const mounts = controllerMounts(root)
  return mounts.get('memory') ?? mounts.get('pids') ?? mounts.values().next().value!
}
