import { once } from 'node:events'
import { Agent, request, type IncomingHttpHeaders } from 'node:http'
import { lookupOwn } from '#lab/own-networks.ts'

export interface PeerAnswer { status: number, headers: IncomingHttpHeaders, text: string }

export interface PeerRequest {
  method?: string
  /** JSON, forwarded as it came. */
  body?: string
  timeoutMs?: number
}

/** The peer did not answer, or not in time, or with more than is accepted. */
export class PeerAway extends Error {
  override name = 'PeerAway'
}

const PATIENCE_MS = 2000
const MAX_ANSWER_BYTES = 1_048_576

/** Another service, asked over HTTP. Uses `node:http`, because `fetch` takes 15 MB of memory and is not needed here. */
export class Peer {
  readonly #url: string
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8, maxFreeSockets: 2, lookup: lookupOwn })

  constructor (url: string) {
    this.#url = url
  }

  /** Any status is an answer. @throws PeerAway */
  async ask (path: string, question: PeerRequest = {}): Promise<PeerAnswer> {
    try {
      return await this.#ask(path, question)
    } catch (err) {
      throw new PeerAway(`${this.#url} does not answer: ${(err as Error).message}`, { cause: err })
    }
  }

  /** `null`: it does not answer, or not in JSON. */
  async json<T> (path: string, question: PeerRequest = {}): Promise<T | null> {
    try {
      return JSON.parse((await this.ask(path, question)).text) as T
    } catch {
      return null
    }
  }

  close (): void { this.#agent.destroy() }

  async #ask (path: string, { method = 'GET', body, timeoutMs = PATIENCE_MS }: PeerRequest): Promise<PeerAnswer> {
    const signal = AbortSignal.timeout(timeoutMs)
    const headers = body === undefined
      ? {}
      : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
    const asked = request(new URL(path, this.#url), { method, headers, agent: this.#agent, signal })
    asked.end(body)
    const [answer] = await once(asked, 'response')
    let text = ''
    for await (const chunk of answer.setEncoding('utf8')) {
      text += chunk
      if (text.length > MAX_ANSWER_BYTES) throw new Error(`more than ${MAX_ANSWER_BYTES} bytes`)
    }
    return { status: answer.statusCode, headers: answer.headers, text }
  }
}
