import { once } from 'node:events'
import { request } from 'node:http'
import { Refusal, type Details } from '#shared/http/problem.ts'
import type { ChangedLimits, LimitChange } from '#shared/limits/change.ts'

/** A broker that waits for the engine answers after ten seconds. */
const PATIENCE_MS = 12_000
const MAX_ANSWER_BYTES = 65_536

/** Where limits are changed: the broker's Unix socket. */
export class LimitsDoor {
  readonly #socketPath: string

  constructor (socketPath: string) { this.#socketPath = socketPath }

  /** @throws Refusal the broker's own, or that it does not answer */
  async change (change: LimitChange): Promise<ChangedLimits> {
    const { status, text } = await this.#ask(JSON.stringify(change)).catch((err: Error) => { throw away(err) })
    const answer = JSON.parse(text) as unknown
    if (status === 200) return answer as ChangedLimits
    const { code, detail, faults } = answer as Details
    throw new Refusal({ status, code, detail, ...(faults && { faults }) })
  }

  async #ask (body: string): Promise<{ status: number, text: string }> {
    const headers = { Host: 'limits', 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const asked = request({ socketPath: this.#socketPath, method: 'POST', path: '/limits', headers, signal })
    asked.end(body)
    const [answer] = await once(asked, 'response')
    let text = ''
    for await (const part of answer.setEncoding('utf8')) {
      text += part
      if (text.length > MAX_ANSWER_BYTES) throw new Error(`more than ${MAX_ANSWER_BYTES} bytes`)
    }
    return { status: answer.statusCode, text }
  }
}

function away (err: Error): Refusal {
  const detail = `The service that changes limits does not answer: ${err.message}`
  return new Refusal({ status: 503, code: 'broker_away', detail, headers: { 'Retry-After': '2' } })
}
