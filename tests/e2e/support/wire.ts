import { connect } from 'node:net'
import type { WireRequest } from './http-text.ts'

export interface WireAnswer {
  status: number
  contentType: string
  body: string
}

const PATIENCE_MS = 20_000

/**
 * Sends bytes as they are to a port of this machine. `null`: the connection was closed without an answer. Rejects if
 * neither comes.
 */
export async function send ({ bytes, isBroken }: WireRequest, port: number): Promise<WireAnswer | null> {
  const heard: Buffer[] = []
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  try {
    await new Promise<void>((resolve, reject) => {
      socket.setTimeout(PATIENCE_MS, () => reject(new Error('neither an answer nor a close')))
      socket.on('data', chunk => { heard.push(chunk) })
      // A reset after the answer, or instead of one: the close follows.
      socket.on('error', () => {})
      socket.on('close', () => resolve())
      // What is broken may be without an end: then the end of the connection is its end.
      if (isBroken) socket.end(bytes)
      else socket.write(bytes)
    })
  } finally {
    socket.destroy()
  }
  return parse(Buffer.concat(heard).toString('utf8'))
}

function parse (text: string): WireAnswer | null {
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]
  if (status === undefined) return null
  const [head = '', ...body] = text.split('\r\n\r\n')
  const contentType = /^content-type: (.*)$/im.exec(head)?.[1] ?? ''
  return { status: Number(status), contentType, body: body.join('\r\n\r\n') }
}
