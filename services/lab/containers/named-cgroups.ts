import { join } from 'node:path'
import type { Container } from '../../cgroup/containers.ts'
import { subdirectories } from '../../cgroup/walk.ts'
import { composeName, type Who } from './look-up.ts'
import { hierarchyOf } from './tree.ts'

/**
 * Where there is no engine to ask: cgroups that carry the name a container would have (`limits-lab-worker-1`), all below one
 * (`npm start` makes them). The name says which service it is, and stands in for the id.
 */
export class NamedCgroups {
  readonly #directory: string
  readonly #path: string
  readonly #services: string[]

  constructor (root: string, path: string, services: string[]) {
    this.#directory = join(hierarchyOf(root), path)
    this.#path = path
    this.#services = services
  }

  list (): Container[] {
    return subdirectories(this.#directory).map(name => ({ id: name, path: join(this.#path, name) }))
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
