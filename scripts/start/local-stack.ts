import { onProcessDeath, type DeathWatch } from '#scripts/local-stores/on-process-death.ts'
import type { CgroupTree } from './cgroup-tree.ts'
import type { Logs } from './logs.ts'
import { removalScript } from './removal-script.ts'
import { ServiceProcess, type ServiceDefinition } from './service-process.ts'
import type { StateFile } from './state-file.ts'

interface Deps {
  /** What the services' names begin with: `limits-lab` makes `limits-lab-api-1`. */
  project: string
  services: string[]
  tree: CgroupTree | null
  hostTree: string | null
  logs: Logs
  state: StateFile
}

/** Five services as plain processes, the stores first. */
export class LocalStack {
  readonly #deps: Deps
  readonly #running: ServiceProcess[] = []
  readonly #will: DeathWatch | null

  /** With a tree that was claimed. */
  constructor (deps: Deps) {
    this.#deps = deps
    const names = deps.services.map(service => nameOf(deps.project, service))
    this.#will = deps.tree === null ? null : onProcessDeath(removalScript(deps.tree.made, names))
    // A start that comes while the will is carried out ends it first: both would take away, and make, under the same
    // paths.
    if (this.#will?.pid !== undefined) deps.state.noteService('last will', this.#will.pid)
  }

  /** Starts these at once, and resolves when all are ready. */
  async start (definitions: ServiceDefinition[]): Promise<void> {
    const services = definitions.map(definition => this.#processOf(definition))
    this.#running.unshift(...services)
    for (const service of services) service.start()
    await Promise.all(services.map(service => service.ready()))
  }

  /** The last one started first: nobody loses what it needs before it has ended. */
  async stop (): Promise<void> {
    const { tree, state, logs } = this.#deps
    for (const service of this.#running.splice(0)) await service.stop()
    for (const path of await tree?.removeAll() ?? []) logs.say(`${path} stays: it holds a cgroup of others`)
    this.#will?.takeBack()
    state.remove()
    logs.close()
  }

  #processOf (definition: ServiceDefinition): ServiceProcess {
    const { project, tree, hostTree, logs, state } = this.#deps
    const onStart = (pid: number): void => {
      state.noteService(definition.service, pid)
      state.noteCgroups(tree?.made ?? [])
    }
    return new ServiceProcess(definition, { name: nameOf(project, definition.service), tree, hostTree, logs, onStart })
  }
}

/** As Compose names a container. */
function nameOf (project: string, service: string): string {
  return `${project}-${service}-1`
}
