import type { LookupAddress } from 'node:dns'
import { connect } from 'node:net'
import { whatIsWrong, whatIsWrongWith } from '#lab/experiments/running/preflight.ts'
import type { JobsView, Sample } from '#lab/wire/live.ts'
import type { SweepSpec } from '#lab/wire/sweep.ts'

/** Whom a sweep puts work on: what is asked of it besides the work. */
export interface Target {
  /** What keeps a sweep from beginning; empty: nothing. */
  wrong: (spec: SweepSpec) => Promise<string[]>
  /** It answers. */
  isUp: (spec: SweepSpec) => Promise<boolean>
  /** None of the work is left over. */
  isIdle: (spec: SweepSpec) => Promise<boolean>
}

/** A service of our own stack, whose services say how they are. */
export class OwnTarget implements Target {
  readonly #sample: () => Sample
  readonly #view: () => Promise<JobsView>

  constructor (sample: () => Sample, view: () => Promise<JobsView>) {
    this.#sample = sample
    this.#view = view
  }

  async wrong ({ service }: SweepSpec): Promise<string[]> {
    return whatIsWrong(this.#sample(), await this.#view(), [service])
  }

  async isUp ({ service }: SweepSpec): Promise<boolean> {
    const services: Record<string, string> = (await this.#view()).services
    return services[service] === 'up'
  }

  async isIdle ({ work }: SweepSpec): Promise<boolean> {
    if (work.kind === 'requests') return true
    const { queue } = await this.#view()
    return queue !== null && queue.waiting + queue.active === 0
  }
}

const CONNECT_MS = 1000

/** A service of another project. Nobody says how it is, so it is up when it takes a connection. */
export class ForeignTarget implements Target {
  readonly #sample: () => Sample
  readonly #find: (service: string) => Promise<LookupAddress[]>

  /** @param find the addresses of the containers of a service, and of no other */
  constructor (sample: () => Sample, find: (service: string) => Promise<LookupAddress[]>) {
    this.#sample = sample
    this.#find = find
  }

  async wrong (spec: SweepSpec): Promise<string[]> {
    const { service, port } = spec
    const wrong = whatIsWrongWith(service, this.#sample())
    if (wrong.length > 0 || await this.isUp(spec)) return wrong
    return [`${service} takes no connection on port ${port}`]
  }

  async isUp ({ service, port }: SweepSpec): Promise<boolean> {
    const addresses = await this.#find(service.toLowerCase()).catch(() => [])
    const [first] = addresses
    return first !== undefined && await takesConnection(first.address, port!)
  }

  async isIdle (): Promise<boolean> { return true }
}

function takesConnection (host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host, port, timeout: CONNECT_MS })
    const end = (isTaken: boolean) => () => {
      socket.destroy()
      resolve(isTaken)
    }
    socket.on('connect', end(true)).on('error', end(false)).on('timeout', end(false))
  })
}
