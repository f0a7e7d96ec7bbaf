import { connect, type Socket } from 'node:net'
import { HTTPParser } from 'http-parser-js'
import type { LoadSpec } from '#lab/wire/load.ts'
import type { Turn } from './turns.ts'

export interface Address { host: string, port: number }

/** A request that was given to a connection. */
export interface Sending {
  request: number
  /** From when its latency counts. */
  startedMs: number
  turn: Turn
}

export interface Listener {
  /** The kernel of the server has taken it; its process need not know yet. */
  connected: (tookMs: number) => void
  /** The whole answer is here. */
  answered: (connection: Connection, status: number) => void
  /** It is over; if a request was on its way, it is lost. */
  closed: (connection: Connection) => void
}

/**
 * One connection, kept open between requests. Of an answer only the status is kept. `node:http` does all of this as
 * well, at three times the CPU for each request, which a generator inside a limit does not have.
 */
export class Connection {
  /** A request is on its way. */
  isBusy = false
  /** That one, or the last one. */
  sending: Sending | null = null
  /** It is the first on this connection. */
  isFirst = false
  /** As far as the last answer told. */
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

  /** Nobody waits any more for what is on its way. */
  giveUp (): void {
    this.isBusy = false
    this.destroy()
  }

  destroy (): void {
    this.staysOpen = false
    this.#socket.destroy()
  }

  #read (chunk: Buffer): void {
    // The parser tells what is wrong by giving it back. Without a request nothing should come at all.
    if (!this.isBusy || this.#parser.execute(chunk) instanceof Error) this.destroy()
  }

  /** Some answers end with their connection. */
  #finish (): void {
    if (this.isBusy) this.#parser.finish()
  }

  #end (): void {
    // 100 Continue and its like announce an answer.
    if (this.#status < 200) return
    this.isBusy = false
    if (!this.staysOpen) this.destroy()
    this.#listener.answered(this, this.#status)
  }
}

/** The same request every time, so it is written once. */
export function requestText ({ method, path, body }: Pick<LoadSpec, 'method' | 'path' | 'body'>, url: string): Buffer {
  const content = method === 'POST' ? JSON.stringify(body ?? {}) : null
  const headers = [`Host: ${new URL(url).host}`, 'User-Agent: limits-lab', 'Accept: */*',
    ...(content === null ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(content)}`])]
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${content ?? ''}`)
}
