import { connect, type Socket } from 'node:net'
import { HTTPParser } from 'http-parser-js'
import type { LoadSpec } from '#lab/wire/load.ts'
import type { Turn } from './turns.ts'

export interface Address { host: string, port: number }

/** A request that a connection is sending, or has sent. */
export interface Sending {
  request: number
  /** When its latency begins. */
  startedMs: number
  turn: Turn
}

export interface Listener {
  /** The server's kernel has accepted the connection; its process may not know of it yet. */
  connected: (tookMs: number) => void
  /** The answer is complete. */
  answered: (connection: Connection, status: number) => void
  /** The connection is closed. If it was busy, its request is lost. */
  closed: (connection: Connection) => void
}

/**
 * One connection, kept open between requests. It keeps only the status of an answer. `node:http` could do all of this,
 * but takes three times the CPU for each request, which a generator inside a limit does not have.
 */
export class Connection {
  /** A request waits for its answer. */
  isBusy = false
  /** The request that waits, or the last one. */
  sending: Sending | null = null
  /** Whether that request is the first on this connection. */
  isFirst = false
  /** What the last answer said. */
  staysOpen = true
  readonly #socket: Socket
  readonly #parser = new HTTPParser(HTTPParser.RESPONSE)
  readonly #listener: Listener
  #status = 0

  constructor (address: Address, listener: Listener) {
    this.#listener = listener
    const openedMs = performance.now()
    this.#socket = connect({ ...address, noDelay: true })
    this.#socket.once('connect', () => listener.connected(performance.now() - openedMs))
    this.#socket.on('data', chunk => this.#read(chunk))
    this.#socket.on('end', () => this.#finish())
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => {
      this.staysOpen = false
      listener.closed(this)
    })
    this.#parser[HTTPParser.kOnHeadersComplete] = ({ statusCode, shouldKeepAlive }) => {
      this.#status = statusCode
      this.staysOpen = shouldKeepAlive
    }
    this.#parser[HTTPParser.kOnBody] = () => {}
    this.#parser[HTTPParser.kOnMessageComplete] = () => this.#end()
  }

  send (text: Buffer, sending: Sending): void {
    this.isBusy = true
    this.isFirst = this.sending === null
    this.sending = sending
    this.#socket.write(text)
  }

  /** Closes the connection without waiting for its answer. */
  giveUp (): void {
    this.isBusy = false
    this.destroy()
  }

  destroy (): void {
    this.staysOpen = false
    this.#socket.destroy()
  }

  #read (chunk: Buffer): void {
    // The parser returns its errors. Without a request nothing should come at all.
    if (!this.isBusy || this.#parser.execute(chunk) instanceof Error) this.destroy()
  }

  /** The server has closed the connection, which is how some answers end. */
  #finish (): void {
    if (this.isBusy) this.#parser.finish()
  }

  #end (): void {
    // 1xx, such as 100 Continue, only announces an answer.
    if (this.#status < 200) return
    this.isBusy = false
    if (!this.staysOpen) this.destroy()
    this.#listener.answered(this, this.#status)
  }
}

/** The bytes of a request. Every request of a load is the same, so they are made once. */
export function requestText (
  { method, path, body }: Pick<LoadSpec, 'method' | 'path' | 'body'>, url: string
): Buffer {
  const content = method === 'POST' ? JSON.stringify(body ?? {}) : null
  const headers = [`Host: ${new URL(url).host}`, 'User-Agent: limits-lab', 'Accept: */*',
    ...(content === null ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(content)}`])]
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${content ?? ''}`)
}
