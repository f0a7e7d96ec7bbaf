import { request } from 'node:http'
import type { ContainerLimits, LimitValue, MachineSize } from '#shared/limits/change.ts'
import { UpdateFailed, type Container } from './containers.ts'

/** Since engine 25; engines of today still take it. */
const API = '/v1.44'
const ANSWER_MS = 10_000
/** The list of a project with a hundred containers has about 300 kB. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024
/** For swap and tasks the engine knows a number that means no limit. */
const NONE = -1

/**
 * The container engine, asked for two things only: which containers a project has, and to change the limits of one.
 * Whoever can write to its socket can do anything on the host.
 */
export class Engine {
  readonly #socketPath: string
  readonly #machine: MachineSize

  constructor (socketPath: string, machine: MachineSize) {
    this.#socketPath = socketPath
    this.#machine = machine
  }

  /** Containers that are stopped are included: their limits can be put back as well. */
  async containersOf (project: string): Promise<Container[]> {
    const label = [`com.docker.compose.project=${project}`, 'com.docker.compose.oneoff=False']
    const filters = encodeURIComponent(JSON.stringify({ label }))
    const found = await this.#ask('GET', `/containers/json?all=true&filters=${filters}`) as
      Array<{ Id: string, Labels: Record<string, string> }>
    return found.map(({ Id, Labels }) => ({ id: Id, service: Labels['com.docker.compose.service'] ?? '' }))
  }

  /** `now`: what the kernel says, or `null` for a container that does not run. */
  async update (id: string, to: ContainerLimits, now: ContainerLimits | null): Promise<void> {
    await this.#ask('POST', `/containers/${id}/update`, updateOf(to, now, this.#machine))
  }

  #ask (method: string, path: string, body?: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const fail = (err: Error): void => reject(new UpdateFailed(`The engine does not answer: ${err.message}`, false))
      const signal = AbortSignal.timeout(ANSWER_MS)
      const headers = { Host: 'engine', 'Content-Type': 'application/json' }
      const asked = request({ socketPath: this.#socketPath, method, path: API + path, headers, signal }, answer => {
        let text = ''
        answer.setEncoding('utf8').on('error', fail).on('data', (part: string) => {
          text += part
          if (text.length > MAX_ANSWER_BYTES) answer.destroy(new Error('the engine answers too much'))
        })
        answer.on('end', () => {
          const status = answer.statusCode!
          if (status >= 200 && status < 300) resolve(JSON.parse(text))
          else reject(new UpdateFailed(`The engine says: ${messageIn(text)}`, true))
        })
      })
      asked.on('error', fail).end(body === undefined ? undefined : JSON.stringify(body))
    })
  }
}

function messageIn (text: string): string {
  try { return String((JSON.parse(text) as { message: string }).message) } catch { return text.slice(0, 500) }
}

/**
 * The body of an update: only what differs from what the kernel says now, if it is known. The engine takes a 0 for "as
 * it is", so it cannot take a limit of memory or CPU away again: instead of none it gets the size of the machine, which
 * limits just as little.
 */
export function updateOf (to: ContainerLimits, now: ContainerLimits | null, machine: MachineSize): object {
  const isSame = (...keys: Array<keyof ContainerLimits>): boolean =>
    now !== null && keys.every(key => now[key] === to[key])
  const orSize = (value: LimitValue, size: number): number => value === 'max' ? size : value
  return {
    ...(!isSame('memoryBytes', 'memoryAndSwapBytes') && {
      Memory: orSize(to.memoryBytes, machine.memoryBytes),
      MemorySwap: orSize(to.memoryAndSwapBytes, NONE)
    }),
    ...(!isSame('cpus') && { NanoCpus: Math.round(orSize(to.cpus, machine.cpus) * 1e9) }),
    ...(!isSame('pids') && { PidsLimit: orSize(to.pids, NONE) })
  }
}
