import { join } from 'node:path'
import { hierarchyOf, type Container } from '#cgroup/containers.ts'
import type { ClosedDirectory } from '#cgroup/walk.ts'
import { subdirectories } from '#cgroup/walk.ts'
import { parseContainerName } from '#shared/process/identity.ts'
import type { ContainerIdentity } from './look-up.ts'

/**
 * Finds containers where there is no engine to ask: `npm start` makes cgroups that carry the names containers would
 * have (`limits-lab-worker-1`), all below one. The name says which service it is, and is used as the id.
 */
export class NamedCgroups {
  readonly #directory: string
  readonly #path: string
  readonly #services: string[]
  readonly #onClosed: (met: ClosedDirectory[]) => void

  /** `onClosed`: as for `Tree`. */
  constructor (root: string, path: string, services: string[], onClosed: (met: ClosedDirectory[]) => void = () => {}) {
    this.#directory = join(hierarchyOf(root), path)
    this.#path = path
    this.#services = services
    this.#onClosed = onClosed
  }

  list (): Container[] {
    const closed: ClosedDirectory[] = []
    const names = subdirectories(this.#directory, directory => closed.push(directory))
    this.#onClosed(closed)
    return names.map(name => ({ id: name, path: join(this.#path, name) }))
  }

  /** `null`: the name is of none of the services. */
  async identify (name: string): Promise<ContainerIdentity | null> {
    for (const service of this.#services) {
      const container = parseContainerName(name, { project: null, service })
      if (container !== null) return { service, ...container, number: Number(container.number) }
    }
    return null
  }
}
