import { onProcessDeath, type Cleanup } from '#scripts/local-stores/on-process-death.ts'
import type { CgroupTree } from './cgroup-tree.ts'
import type { ServiceDefinition } from './definitions.ts'
import type { Logs } from './logs.ts'
import { removalScript } from './removal-script.ts'
import { ServiceProcess } from './service-process.ts'
import type { StateFile } from './state-file.ts'

interface Deps {
  /** The services' names begin with it: `limits-lab` gives `limits-lab-api-1`. */
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
  readonly #cleanup: Cleanup | null

  /** The tree must have been claimed. */
  constructor (deps: Deps) {
    this.#deps = deps
    const names = deps.services.map(service => nameOf(deps.project, service))
    this.#cleanup = deps.tree === null ? null : onProcessDeath(removalScript(deps.tree.made, names))
    // Recorded, so that a start that comes during the cleanup ends it first: both work on the same paths.
    if (this.#cleanup?.pid !== undefined) deps.state.noteService('cleanup', this.#cleanup.pid)
  }

  /** Starts these services at the same time, and resolves when all are ready. */
  async start (definitions: ServiceDefinition[]): Promise<void> {
    const services = definitions.map(definition => this.#processOf(definition))
    this.#running.unshift(...services)
    for (const service of services) service.start()
    await Promise.all(services.map(service => service.ready()))
  }

  /** Stops the service that was started last first, so that no service loses one that it needs. */
  async stop (): Promise<void> {
    const { tree, state, logs } = this.#deps
    for (const service of this.#running.splice(0)) await service.stop()
    for (const path of await tree?.removeAll() ?? []) logs.say(`${path} stays, because it holds a cgroup that this stack did not make`)
    this.#cleanup?.cancel()
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

/** The name that Compose would give the container. */
export function nameOf (project: string, service: string): string {
  return `${project}-${service}-1`
}
