import { Connection, type Address, type Listener } from './connection.ts'

/**
 * Servers close connections that are idle for long (Node after 5 s). A request sent in that moment would be lost, and
 * nothing would be wrong with the service.
 */
const IDLE_MS = 2000

/** At most `max` connections to one service, opened when they are needed. */
export class Connections {
  readonly #max: number
  readonly #open: () => Connection
  readonly #all = new Set<Connection>()
  /** The one used last is taken first, so that connections opened for a burst stay idle and are closed. */
  readonly #idle: Array<{ connection: Connection, sinceMs: number }> = []

  /** Calls `address` for each new connection: a service may have several, and others after a restart. */
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

  /** Returns `null` if all are busy. */
  take (): Connection | null {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.connection.staysOpen) return idle.connection
    }
    if (this.#all.size >= this.#max) return null
    const connection = this.#open()
    this.#all.add(connection)
    return connection
  }

  /** The connections whose request began before `ms`. */
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
