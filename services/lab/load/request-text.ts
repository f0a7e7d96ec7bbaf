import type { LoadSpec } from '#lab/wire/load.ts'

/** The same request every time, so it is written once. */
export function requestText ({ method, path, body }: Pick<LoadSpec, 'method' | 'path' | 'body'>, url: string): Buffer {
  const content = method === 'POST' ? JSON.stringify(body ?? {}) : null
  const headers = [`Host: ${new URL(url).host}`, 'User-Agent: limits-lab', 'Accept: */*',
    ...(content === null ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(content)}`])]
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${content ?? ''}`)
}
