import { broken, type RawRequest } from './http-text.ts'
import type { Seeded } from './seeded.ts'

type Maker = (random: Seeded) => RawRequest

const HEAD = 'POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
const BODY = '{"kind":"noop",}'

/** Texts that are not HTTP, or contradict themselves. Their body is not a job, even if a server reads that far. */
const texts = [
  'GET\r\n\r\n',
  'GET /\r\n\r\n',
  'GET / HTTP/9.9\r\n\r\n',
  'GET / HTTP/1.1\r\n\r\n',
  'GET  /  HTTP/1.1\r\nHost: x\r\n\r\n',
  'get / HTTP/1.1\r\nHost: x\r\n\r\n',
  'NOTHING / HTTP/1.1\r\nHost: x\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere:443\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  'GET /nowhere HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 'GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /nowhere/\xe9 HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET / HTTP/1.1\r\nHost : x\r\n\r\n', 'GET / HTTP/1.1\r\nHost: x\r\nNo colon\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: x\r\n: no name\r\n\r\n', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n', 'GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n', 'GET / HTTP/1.1\r\nHost: x', 'G',
  '\r\n\r\n\r\n', ' GET / HTTP/1.1\r\nHost: x\r\n\r\n',
  `${HEAD}Content-Length: -1\r\n\r\n${BODY}`, `${HEAD}Content-Length: 0x10\r\n\r\n${BODY}`,
  `${HEAD}Content-Length: 99999999999999999999\r\n\r\n${BODY}`, `${HEAD}Content-Length: 16, 16\r\n\r\n${BODY}`,
  `${HEAD}Content-Length: 16\r\nContent-Length: 17\r\n\r\n${BODY}`,
  `${HEAD}Content-Length: 16\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, `${HEAD}Transfer-Encoding: nothing\r\n\r\n${BODY}`,
  `${HEAD}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  `${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n${BODY}\r\n0\r\n\r\n`, `${HEAD}Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n`,
  `${HEAD}Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n${BODY}`,
  `${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n${BODY}\r\n0\r\n\r\n`, `${HEAD}Transfer-Encoding: chunked\r\n\r\n5`,
  `${HEAD}Expect: the-unexpected\r\nContent-Length: 16\r\n\r\n${BODY}`
]

function brokenText (random: Seeded): RawRequest {
  const text = random.pick(texts)
  return broken(JSON.stringify(text), text)
}

function noise (random: Seeded): RawRequest {
  return broken('random bytes', random.bytes(random.whole(1, 2000)))
}

function tls (random: Seeded): RawRequest {
  return broken(
    'the beginning of TLS',
    Buffer.concat([Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]), random.bytes(508)])
  )
}

/** A proper request with some bytes of its head replaced. It is always broken, because its first byte is. */
function bitRot (random: Seeded): RawRequest {
  const bytes = Buffer.from(`${HEAD}Content-Length: 16\r\n\r\n${BODY}`)
  bytes[0] = random.whole(0, 31)
  for (let i = 0; i < 5; i++) bytes[random.whole(1, HEAD.length)] = random.whole(0, 255)
  return broken('a request with rotten bytes', bytes)
}

export const brokenHttp: Maker[] = [brokenText, brokenText, noise, tls, bitRot]
