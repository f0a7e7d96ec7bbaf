import { Connection, type Address, type Listener } from './connection.ts'

/**
 * Servers close what is idle for long (Node after 5 s); a request sent in that moment would be lost without anybody's
 * fault.
 */
const IDLE_MS = 2000

/** Up to `max` connections to one service, opened when they are needed. */
export class Connections {
  readonly #max: number
  readonly #open: () => Connection
  readonly #all = new Set<Connection>()
  /** Used last, taken first, so that what a burst needed becomes idle and is closed. */
  readonly #idle: Array<{ connection: Connection, sinceMs: number }> = []

  /** `address` is asked for each new one: a service may have several, and new ones after a restart. */
  constructor (max: number, address: () => Address, listener: Listener) {
    this.#max = max
    this.#open = () => new Connection(address(), {
      ...listener,
      answered: (connection, status) => {
        if (connection.staysOpen) this.#idle.push({ connection, sinceMs: performance.now() })
        listener.answered(connection, status)
      },
      closed: connection => {
        this.#all.delete(connection)
        listener.closed(connection)
      }
    })
  }

  /** `null`: all are busy. */
  take (): Connection | null {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.connection.staysOpen) return idle.connection
    }
    if (this.#all.size >= this.#max) return null
    const connection = this.#open()
    this.#all.add(connection)
    return connection
  }

  /** Those whose request counts from before `ms`. */
  busySinceBefore (ms: number): Connection[] {
    return [...this.#all].filter(({ isBusy, sending }) => isBusy && sending!.startedMs < ms)
  }

  closeIdle (): void {
    const beforeMs = performance.now() - IDLE_MS
    while (this.#idle.length > 0 && this.#idle[0]!.sinceMs < beforeMs) this.#idle.shift()!.connection.destroy()
  }

  close (): void {
    for (const connection of this.#all) connection.giveUp()
  }
}
