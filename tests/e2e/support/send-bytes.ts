import { connect } from 'node:net'
import type { RawRequest } from './http-text.ts'

export interface RawAnswer {
  status: number
  contentType: string
  body: string
}

const ANSWER_MS = 20_000

/**
 * Sends bytes unchanged to a port of this machine. Resolves to `null` if the connection is closed without an answer,
 * and rejects if neither an answer nor a close comes in time.
 */
export async function send ({ bytes, isBroken }: RawRequest, port: number): Promise<RawAnswer | null> {
  const received: Buffer[] = []
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  try {
    await new Promise<void>((resolve, reject) => {
      socket.setTimeout(ANSWER_MS, () => reject(new Error('neither an answer nor a close')))
      socket.on('data', chunk => { received.push(chunk) })
      // A reset may come after the answer or instead of it; a close follows.
      socket.on('error', () => {})
      socket.on('close', () => resolve())
      // A broken request may not have an end of its own, so we end the connection behind it.
      if (isBroken) socket.end(bytes)
      else socket.write(bytes)
    })
  } finally {
    socket.destroy()
  }
  return parse(Buffer.concat(received).toString('utf8'))
}

function parse (text: string): RawAnswer | null {
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]
  if (status === undefined) return null
  const [head = '', ...body] = text.split('\r\n\r\n')
  const contentType = /^content-type: (.*)$/im.exec(head)?.[1] ?? ''
  return { status: Number(status), contentType, body: body.join('\r\n\r\n') }
}
