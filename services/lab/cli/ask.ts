import http from 'node:http'

/** The lab does not answer. */
export class Unreachable extends Error {
  override name = 'Unreachable'
}

/** The lab answers with a refusal. */
export class Refused extends Error {
  override name = 'Refused'
  /** The `code` of its problem document: stable, for machines. */
  readonly code: string

  constructor (code: string, detail: string) {
    super(detail)
    this.code = code
  }
}

export interface LabRequest { method?: string, body?: unknown }

/** Longer than the lab waits for its broker: otherwise a change that is said to have failed may still be made. */
const PATIENCE_MS = 20_000

/**
 * Uses `node:http` and not `fetch`, which costs more: in the container this command runs inside the lab's own limits.
 * @throws Unreachable, Refused
 */
export async function askLab<T> (url: string, request: LabRequest = {}): Promise<T> {
  const { origin } = new URL(url)
  const { status, text } = await exchange(url, request).catch((err: Error) => {
    throw new Unreachable(`The lab at ${origin} does not answer: ${err.message}`)
  })
  const body = parsed(text)
  if (body === undefined) throw new Unreachable(`Something at ${origin} answers, but it is not the lab (status ${status}).`)
  if (status < 300) return body as T
  const { code = 'unknown', detail = `status ${status}` } = body as { code?: string, detail?: string }
  throw new Refused(code, detail)
}

function exchange (url: string, { method = 'GET', body }: LabRequest): Promise<{ status: number, text: string }> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'Content-Type': 'application/json' }
    http.request(url, { method, headers, signal: AbortSignal.timeout(PATIENCE_MS) }, res => {
      let text = ''
      res.setEncoding('utf8').on('data', chunk => { text += chunk }).on('error', reject)
      res.on('end', () => resolve({ status: res.statusCode!, text }))
    }).on('error', reject).end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** Returns `undefined` if the text is not JSON. */
function parsed (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
