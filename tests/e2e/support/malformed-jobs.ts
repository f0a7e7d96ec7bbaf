import { deflateRawSync, gzipSync } from 'node:zlib'
import { broken, chunked, jobPost, proper, type RawRequest } from './http-text.ts'
import type { Seeded } from './seeded.ts'

type Maker = (random: Seeded) => RawRequest

const kinds = ['sleep', 'cpu', 'memory', 'file', 'processes'] as const
const fieldOf = { sleep: 'ms', cpu: 'ms', memory: 'mib', file: 'mib', processes: 'count' }

/** As JSON text, because some of them are not JavaScript values. */
const wrongValues = [
  '"5"',
  'null',
  'true',
  '[]',
  '[5]',
  '{}',
  '{"valueOf":5}',
  '""',
  '0',
  '-1',
  '-0.0',
  '0.5',
  '1e-400',
  '1e999',
  '-1e999',
  '1e15',
  '9007199254740993',
  '99999999999999999999999999',
  '2147483648',
  '-2147483649',
  '1.0000001',
  '"Infinity"',
  '"NaN"',
  '"0x10"',
  '"\\u0000"'
]

function wrongParams (random: Seeded): RawRequest {
  const kind = random.pick(kinds)
  const value = random.pick(wrongValues)
  return jobPost(`${kind} with ${fieldOf[kind]} ${value}`, `{"kind":"${kind}","params":{"${fieldOf[kind]}":${value}}}`)
}

function wrongShape (random: Seeded): RawRequest {
  const body = random.pick([
    'null',
    'true',
    '5',
    '"noop"',
    '[]',
    '[{"kind":"noop"}]',
    '{}',
    '{"kind":null}',
    '{"kind":5}',
    '{"kind":["noop"]}',
    '{"kind":"Noop"}', '{"kind":"noop "}', '{"kind":"exec"}', '{"kind":{"toString":"noop"}}', '{"kind":"sleep"}',
    '{"kind":"sleep","params":null}',
    '{"kind":"sleep","params":[1]}', '{"kind":"sleep","params":"ms=5"}', '{"kind":"noop","params":{"a":1}}',
    '{"kind":"noop","id":"1"}',
    '{"kind":"noop","status":"succeeded"}', '{"kind":"cpu","params":{"ms":5,"threads":0}}',
    '{"kind":"cpu","params":{"ms":5,"threads":1e6}}',
    '{"kind":"memory","params":{"mib":1,"heap":"yes"}}', '{"kind":"memory","params":{"mib":1,"holdMs":-1}}'])
  return jobPost(`the body ${body}`, body)
}

function prototypeKeys (random: Seeded): RawRequest {
  const key = random.pick(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__'])
  const body = random.pick([`{"kind":"noop","${key}":{"a":1}}`, `{"${key}":{"kind":"noop"}}`, `{"kind":"${key}"}`,
    `{"kind":"noop","params":{"${key}":{"polluted":1}}}`,
    `{"kind":"sleep","params":{"ms":5,"${key}":5}}`])
  return jobPost(`the body ${body}`, body)
}

function badJson (random: Seeded): RawRequest {
  const good = '{"kind":"sleep","params":{"ms":5}}'
  const cut = good.slice(0, random.whole(1, good.length - 1))
  const at = random.whole(0, good.length - 1)
  const body = random.pick([cut, `${good}}`, `${good}${good}`, good.replaceAll('"', "'"), good.replace('5', 'NaN'),
    good.replace('5', '0x5'), good.replace('5', '05'),
    good.replace('}}', ',}}'), `${good.slice(0, at)}\u0000${good.slice(at)}`, `//x\n${good}`, good.replace('sleep', 'sl\nep'),
    'undefined', '{kind:noop}', '<job/>', ' ', '\ufeff'])
  return jobPost('bad JSON', body)
}

function invalidUtf8 (random: Seeded): RawRequest {
  const bytes = random.pick([[0xff], [0xc0, 0xae], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0x80], [0xe2, 0x82]])
  return jobPost('invalid UTF-8', Buffer.concat([Buffer.from('{"kind":"no'), Buffer.from(bytes), Buffer.from('op"}')]))
}

function randomBytes (random: Seeded): RawRequest {
  return jobPost('random bytes as JSON', Buffer.concat([Buffer.from('{'), random.bytes(random.whole(1, 300))]))
}

function deepJson (random: Seeded): RawRequest {
  const depth = random.whole(50, 3000)
  const [open, close] = random.pick([['[', ']'], ['{"a":', '}']] as const)
  const deep = `${open.repeat(depth)}1${close.repeat(depth)}`
  return jobPost(
    'deep JSON',
    random.pick([deep, `{"kind":"noop","params":{"a":${deep}}}`, `{"kind":${deep}}`, open.repeat(depth)])
  )
}

/** The answer may come while the body is still being sent, and be lost when the connection is closed. */
function hugeBody (random: Seeded): RawRequest {
  const body = `{"kind":"noop","params":{"a":"${'x'.repeat(random.pick([16_384, 20_000, 100_000, 400_000]))}"}}`
  const huge = random.next() < 0.5
    ? jobPost('a huge body', body)
    : jobPost('a huge chunked body',
      chunked(body, 4096), { 'Transfer-Encoding': 'chunked' })
  return { ...huge, isBroken: true }
}

function wrongContentType (random: Seeded): RawRequest {
  const type = random.pick([
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    ';;;',
    '*/*',
    'json',
    'application/',
    'application/json; charset=x',
    'application/jsonp',
    ' ',
    '\u00ff'
  ])
  return jobPost(`the content type ${type}`, '{"kind":"noop"}', { 'Content-Type': type })
}

function wrongEncoding (random: Seeded): RawRequest {
  const encoding = random.pick(['compress', 'x', 'gzip, gzip', 'zstd', 'gzip', 'deflate', 'br'])
  return jobPost(`plain text said to be ${encoding}`, '{"kind":"noop"}', { 'Content-Encoding': encoding })
}

/** A small body that is large when it is unpacked. */
function bomb (random: Seeded): RawRequest {
  const body = Buffer.from(`{"kind":"noop","params":{"a":"${' '.repeat(random.whole(1, 8) * 1_000_000)}"}}`)
  return random.next() < 0.5
    ? jobPost('a gzip bomb', gzipSync(body), { 'Content-Encoding': 'gzip' })
    : jobPost('a deflate bomb', deflateRawSync(body), { 'Content-Encoding': 'deflate' })
}

function cutGzip (random: Seeded): RawRequest {
  const zipped = gzipSync('{"kind":"noop"}')
  return jobPost('a cut gzip', zipped.subarray(0, random.whole(1, zipped.length - 9)), { 'Content-Encoding': 'gzip' })
}

function chunkedOddity (random: Seeded): RawRequest {
  const bad = '{"kind":"noop",}'
  const body = random.pick([chunked(bad, 1), chunked(bad, 5).replaceAll('\r\n{', ';x=y\r\n{'),
    chunked(bad, 100).replace(/0\r\n\r\n$/, '0000\r\nX-Trailer: 1\r\n\r\n'), '0\r\n\r\n'])
  return jobPost('odd chunks', body, { 'Transfer-Encoding': 'chunked' })
}

function noBody (random: Seeded): RawRequest {
  const headers = random.pick([{}, { 'Content-Type': 'application/json' }, {
    'Content-Type': 'application/json',
    'Content-Length': '0'
  }])
  return proper('a post without a body', { method: 'POST', path: '/jobs', headers: headers as Record<string, string> })
}

/** Its header says that the body is longer than it is. */
function shortBody (random: Seeded): RawRequest {
  const { bytes } = jobPost('', '{"kind":"noop"}', { 'Content-Length': String(random.whole(16, 16_000)) })
  return broken('a body shorter than its length', bytes)
}

export const malformedJobs: Maker[] = [
  wrongParams, wrongParams, wrongShape, prototypeKeys, badJson, invalidUtf8, randomBytes, deepJson, hugeBody,
  wrongContentType, wrongEncoding, bomb, cutGzip, chunkedOddity, noBody, shortBody
]
