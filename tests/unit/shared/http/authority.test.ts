import { expect, test } from '@jest/globals'
import { parseAuthority, parseOrigin } from '#shared/http/authority.ts'

test.each([
  ['localhost', 'localhost', null],
  ['LocalHost:8080', 'localhost', 8080],
  ['lab.example.org.', 'lab.example.org', null],
  ['lab.example.org.:8443', 'lab.example.org', 8443],
  ['lab_1-x:0080', 'lab_1-x', 80],
  ['lab:', 'lab', null],
  ['127.0.0.1:65535', '127.0.0.1', 65535],
  ['[::1]', '[::1]', null],
  ['[0:0:0:0:0:0:0:1]:8080', '[::1]', 8080],
  ['[2001:DB8::0:1]', '[2001:db8::1]', null]
])('%s is the name %s on port %j', (text, name, port) => {
  expect(parseAuthority(text)).toEqual({ name, port })
})

test.each([
  '',
  ' ',
  '.',
  ':8080',
  'a b',
  ' localhost',
  'localhost ',
  'user@localhost',
  'localhost@evil.example',
  'http://localhost',
  'localhost/x',
  'localhost#',
  'localhost?',
  'local%68ost',
  '*.example.org',
  '*',
  'a..b',
  '.localhost',
  'localhost:80:80',
  'localhost:65536',
  'localhost:-1',
  'localhost:8o',
  'localhost:0x50',
  'localhost:111111',
  '::1',
  '[::1',
  '[::1]x',
  '[]',
  '[127.0.0.1]',
  '[::1%25eth0]',
  '[localhost]',
  'localhost,evil.example',
  'löcalhost',
  'localhost\t',
  'localhost\n',
  `${'x'.repeat(255)}:65535`
])('%j is no host', text => {
  expect(parseAuthority(text)).toBeNull()
})

test.each([
  ['http://localhost:8080', { name: 'localhost', port: 8080, defaultPort: 80 }],
  ['https://Lab.Example.org', { name: 'lab.example.org', port: 443, defaultPort: 443 }],
  ['http://[::1]', { name: '[::1]', port: 80, defaultPort: 80 }]
])('%s is an origin, and has a port', (text, origin) => {
  expect(parseOrigin(text)).toEqual(origin)
})

test.each([
  'null',
  '',
  'localhost',
  '//localhost',
  'http:localhost',
  'http://',
  'http://localhost/',
  'ws://localhost',
  'file://',
  'http://u@localhost',
  'chrome-extension://abcdef',
  'http://a http://b',
  'http://a, http://b'
])('%j is no origin', text => {
  expect(parseOrigin(text)).toBeNull()
})
