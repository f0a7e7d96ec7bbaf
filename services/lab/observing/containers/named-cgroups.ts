import { join } from 'node:path'
import { hierarchyOf, type ClosedDirectory, type Container } from '#cgroup/containers.ts'
import { subdirectories } from '#cgroup/walk.ts'
import { composeName, type Who } from './look-up.ts'

/**
 * Where there is no engine to ask: cgroups that carry the name a container would have (`limits-lab-worker-1`), all
 * below one (`npm start` makes them). The name says which service it is, and stands in for the id.
 */
export class NamedCgroups {
  readonly #directory: string
  readonly #path: string
  readonly #services: string[]
  readonly #onClosed: (met: ClosedDirectory[]) => void

  /** `onClosed`: as `Tree` tells it. */
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

  /** `null`: none of the services. */
  async who (name: string): Promise<Who | null> {
    for (const service of this.#services) {
      const parts = composeName(name, service)
      if (parts !== null) return { service, name, ...parts }
    }
    return null
  }
}
