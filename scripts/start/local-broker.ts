import type { Server } from 'node:http'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { cgroupAt } from '#cgroup/locate.ts'
import { createApp } from '#limits/app.ts'
import { Broker, endLeases } from '#limits/broker.ts'
import { UpdateFailed, type Container, type Containers } from '#limits/containers.ts'
import { readState, type KernelState } from '#limits/kernel.ts'
import { listenOn } from '#limits/socket.ts'
import { closeServer } from '#shared/http/http-server.ts'
import type { ContainerLimits } from '#shared/limits/change.ts'
import type { Log } from '#shared/process/log.ts'
import type { CgroupTree } from './cgroup-tree.ts'
import { LimitRefused } from './limit-files.ts'

const CGROUP_ROOT = '/sys/fs/cgroup'
/** The broker of compose.limits.yaml has the same. */
const LEASE_SECONDS = 15
/** Only the account that started the stack, which the lab runs as. */
const MODE = 0o600

interface Deps {
  tree: CgroupTree
  /** The names of the services' cgroups. */
  names: Map<string, string>
  log: Log
}

/**
 * Where the lab changes limits when there is no container engine: the program that wrote them to the cgroups writes
 * others. If it is killed, the cgroups go as well, so nothing has to be kept for a start after it.
 */
export class LocalBroker {
  readonly #broker: Broker
  readonly #server: Server
  readonly #timer: NodeJS.Timeout

  private constructor (broker: Broker, server: Server, timer: NodeJS.Timeout) {
    this.#broker = broker
    this.#server = server
    this.#timer = timer
  }

  static async open (path: string, { tree, names, log }: Deps): Promise<LocalBroker> {
    const broker = new Broker({
      containers: new TreeContainers(tree, names),
      stateOf: name => stateIn(tree, name),
      kept: { read: () => new Map(), write: () => {} },
      nowMs: () => performance.now(),
      log
    }, { leaseSeconds: LEASE_SECONDS, own: '' })
    const machine = { memoryBytes: totalmem(), cpus: cpus().length }
    const app = createApp({ change: change => broker.change(change), machine, log })
    return new LocalBroker(broker, await listenOn(path, app, MODE), endLeases(broker, log))
  }

  async close (): Promise<void> {
    clearInterval(this.#timer)
    await closeServer(this.#server)
    await this.#broker.close()
  }
}

/** The services' cgroups, by name. */
class TreeContainers implements Containers {
  readonly #tree: CgroupTree
  readonly #names: Map<string, string>

  constructor (tree: CgroupTree, names: Map<string, string>) {
    this.#tree = tree
    this.#names = names
  }

  async list (): Promise<Container[]> {
    return [...this.#names].map(([service, id]) => ({ id, service })).filter(({ id }) => this.#tree.has(id))
  }

  async update (id: string, to: ContainerLimits, now: ContainerLimits | null): Promise<void> {
    if (now === null) return      // a service that does not run gets a cgroup with the limits of compose.yaml
    try {
      this.#tree.change(id, to, now)
    } catch (err) {
      if (err instanceof LimitRefused) throw new UpdateFailed(err.message, true)
      throw err
    }
  }
}

function stateIn (tree: CgroupTree, name: string): KernelState | null {
  return tree.has(name) ? readState(cgroupAt(CGROUP_ROOT, join(tree.path, name))) : null
}
