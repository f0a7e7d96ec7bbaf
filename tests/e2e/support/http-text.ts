/** A request as bytes, and what may come of it. */
export interface RawRequest {
  /** What is wrong with it, for the message of a failure. */
  what: string
  bytes: Buffer
  /**
   * Whether it is broken as HTTP, or too large: then the server may refuse it before the api sees it, or hang up.
   * The others are proper HTTP, and the api answers them itself.
   */
  isBroken: boolean
}

interface Parts {
  method?: string
  path?: string
  headers?: Record<string, string>
  body?: string | Buffer
}

const json = { 'Content-Type': 'application/json' }

/** A proper HTTP request, whatever its content. A body without framing of its own gets a length. */
export function proper (what: string, { method = 'GET', path = '/', headers = {}, body = '' }: Parts): RawRequest {
  const framing =
    body.length === 0 || 'Transfer-Encoding' in headers ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }
  const lines = Object.entries({ Host: 'localhost', Connection: 'close', ...framing, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`
  )
  const head = Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1')
  return { what, bytes: Buffer.concat([head, Buffer.from(body)]), isBroken: false }
}

/** A job posted with this body. */
export function jobPost (what: string, body: string | Buffer, headers: Record<string, string> = {}): RawRequest {
  return proper(what, { method: 'POST', path: '/jobs', headers: { ...json, ...headers }, body })
}

export function broken (what: string, text: string | Buffer): RawRequest {
  return { what, bytes: typeof text === 'string' ? Buffer.from(text, 'latin1') : text, isBroken: true }
}

/** A body in chunks of the given size. */
export function chunked (body: string, size: number): string {
  const chunks = body.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
  return chunks.map(chunk => `${Buffer.byteLength(chunk).toString(16)}\r\n${chunk}\r\n`).join('') + '0\r\n\r\n'
}
