import { lastWill } from '../../services/local-stores/last-will.ts'
import type { CgroupTree } from './cgroup-tree.ts'
import type { StateFile } from './leftovers.ts'
import type { Logs } from './logs.ts'
import { ServiceProcess, type ServiceDefinition } from './service-process.ts'

interface Deps {
  /** What the services' names begin with: `limits-lab` makes `limits-lab-api-1`. */
  project: string
  tree: CgroupTree | null
  hostTree: string | null
  logs: Logs
  state: StateFile
}

/** Five services as plain processes, the stores first. */
export class LocalStack {
  readonly #deps: Deps
  readonly #running: ServiceProcess[] = []
  readonly #takeBackWill: () => void

  constructor (deps: Deps) {
    this.#deps = deps
    this.#takeBackWill = deps.tree === null ? () => {} : lastWill(deps.tree.removalScript())
  }

  /** Starts these at once, and resolves when all are ready. */
  async start (definitions: ServiceDefinition[]): Promise<void> {
    const { project, state, ...deps } = this.#deps
    const services = definitions.map(definition => new ServiceProcess(definition, {
      ...deps, name: `${project}-${definition.service}-1`, onStart: pid => state.note(definition.service, pid)
    }))
    this.#running.unshift(...services)
    for (const service of services) service.start()
    await Promise.all(services.map(service => service.ready()))
  }

  /** The last one started first: nobody loses what it needs before it has ended. */
  async stop (): Promise<void> {
    for (const service of this.#running.splice(0)) await service.stop()
    await this.#deps.tree?.removeAll()
    this.#takeBackWill()
    this.#deps.state.remove()
    this.#deps.logs.close()
  }
}
