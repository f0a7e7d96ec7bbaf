import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { ConfigError, Env, type Environment } from '#shared/process/env.ts'

const range = { fallback: 7, min: 1, max: 100 }
let dir: string
beforeAll(() => { dir = mkdtempSync(join(tmpdir(), 'limits-lab-env-')) })
afterAll(() => { rmSync(dir, { recursive: true }) })

function secret (text: string): string {
  const path = join(dir, `secret-${Math.random()}`)
  writeFileSync(path, text)
  return path
}

function whole (text: string | undefined): number {
  const env = new Env({ N: text })
  const value = env.whole('N', range)
  env.check()
  return value
}

function url (environment: Environment): string {
  const env = new Env(environment)
  const value = env.url('DATABASE_URL', 'PASSWORD_FILE')
  env.check()
  return value
}

test('an environment with several faults has all of them in one error', () => {
  const env = new Env({ PORT: 'abc', LEVEL: 'loud', DATABASE_URL: 'nonsense' })
  env.whole('PORT', range)
  env.oneOf('LEVEL', ['info', 'debug'], 'info')
  env.url('DATABASE_URL', 'PASSWORD_FILE')
  env.text('NAME')
  expect(() => env.check()).toThrow(new ConfigError([
    'PORT must be a whole number from 1 to 100, got "abc"',
    'LEVEL must be one of info, debug, got "loud"',
    'DATABASE_URL must be a URL',
    'NAME is not set'
  ]))
})

test('an environment without faults passes the check', () => {
  const env = new Env({ PORT: '80' })
  env.whole('PORT', range)
  expect(() => env.check()).not.toThrow()
})

test.each([
  ['not set', undefined, 7],
  ['empty', '', 7],
  ['the least allowed', '1', 1],
  ['the most allowed', '100', 100],
  ['with leading zeros', '007', 7]
])('a whole number that is %s is taken', (_case, text, expected) => {
  expect(whole(text)).toBe(expected)
})

test.each([
  '0', '101', '-1', '-0', '+1', '1.5', '1e1', '0x10', ' 5', '5 ', '5\n', '٥', 'NaN', 'Infinity', 'true', '9'.repeat(400)
])('a whole number given as %j is refused', text => {
  expect(() => whole(text)).toThrow('N must be a whole number from 1 to 100')
})

test.each([
  ['set', 'a', 'a'],
  ['empty', '', 'fallback'],
  ['not set', undefined, 'fallback']
])('text that is %s has its value or the fallback', (_case, text, expected) => {
  expect(new Env({ T: text }).text('T', 'fallback')).toBe(expected)
})

test('a choice that is empty is the fallback', () => {
  expect(new Env({ LEVEL: '' }).oneOf('LEVEL', ['info', 'debug'], 'info')).toBe('info')
})

test('a url without a password file stays as it is', () => {
  expect(url({ DATABASE_URL: 'postgres://lab@postgres:5432/lab' })).toBe('postgres://lab@postgres:5432/lab')
})

test.each([
  ['plain', 's3cret\n', 's3cret'],
  ['of words', 'correct horse battery staple\n', 'correct horse battery staple'],
  ['full of what means something in a url', ' p@ss:w/o?r#d%41 ü "\'\\\t\r\n', ' p@ss:w/o?r#d%41 ü "\'\\\t']
])('a password file that is %s is put into the url', (_case, text, password) => {
  const { password: encoded, host } = new URL(
    url({ DATABASE_URL: 'postgres://lab@postgres/lab', PASSWORD_FILE: secret(text) })
  )
  expect(decodeURIComponent(encoded)).toBe(password)
  expect(host).toBe('postgres')
})

test('a password file replaces the password in the url', () => {
  expect(url({ DATABASE_URL: 'redis://:old@redis:6379', PASSWORD_FILE: secret('new') })).toBe('redis://:new@redis:6379')
})

test('a password file that is not there is a fault with its path and why', () => {
  const path = join(dir, 'missing')
  expect(() => url({ DATABASE_URL: 'postgres://lab@postgres/lab', PASSWORD_FILE: path }))
    .toThrow(`PASSWORD_FILE: cannot read ${path} (ENOENT)`)
})

test('a password file that holds no password is a fault with its path and why', () => {
  const path = secret('\n')
  expect(() => url({ DATABASE_URL: 'postgres://lab@postgres/lab', PASSWORD_FILE: path })).toThrow(`PASSWORD_FILE: ${path} holds no password`)
})

test('a password file that is not there beside a missing url is reported as well', () => {
  expect(() => url({ DATABASE_URL: '', PASSWORD_FILE: join(dir, 'missing') })).toThrow(
    /DATABASE_URL is not set; PASSWORD_FILE: cannot read/
  )
})

test('a fault of a url does not repeat the url, which may hold a password', () => {
  expect(() => url({ DATABASE_URL: 'postgres//lab:s3cret@postgres' })).toThrow(
    new ConfigError(['DATABASE_URL must be a URL'])
  )
})

function hosts (text: string | undefined): unknown {
  const env = new Env({ HOSTS: text })
  const value = env.hosts('HOSTS')
  env.check()
  return value
}

test.each<[string | undefined, unknown]>([
  [undefined, []],
  ['', []],
  [' ', []],
  ['lab.example.org', [{ name: 'lab.example.org', port: null }]],
  ['Lab.Example.org:8443, [2001:DB8::0:1]\n10.0.0.1', [{ name: 'lab.example.org', port: 8443 }, { name: '[2001:db8::1]', port: null }, { name: '10.0.0.1', port: null }]]
])('hosts %j are read as they are compared', (text, value) => {
  expect(hosts(text)).toEqual(value)
})

test.each([
  'https://lab.example.org',
  'lab.example.org/',
  '*',
  '*.example.org',
  '.example.org',
  'me@lab.example.org',
  'lab.example.org:https',
  'lab:99999',
  '::1',
  'läb.example.org'
])('a host that is %s is refused by name, with what is allowed', text => {
  expect(() => hosts(`lab.example.org ${text}`)).toThrow(
    new ConfigError([
      `HOSTS takes names and addresses, for one port or for all, as in "lab.example.org:8443 lab.example.org [2001:db8::1]", got ${JSON.stringify(text)}`
    ]))
})

test('hosts with several faults have each of them once', () => {
  expect(() => hosts('a/b lab c/d')).toThrow(/, got "a\/b", "c\/d"$/)
})

test.each([[undefined, false], ['', false], ['none', true]])('a setting that says whether there is none, if it is %p: %p', (value, isNone) => {
  const env = new Env({ OWN_CGROUP: value })
  expect(env.isNone('OWN_CGROUP')).toBe(isNone)
  expect(() => env.check()).not.toThrow()
})

test.each(['None', 'off', '/', ' '])('a setting that says whether there is none is refused by name when it is %p', value => {
  const env = new Env({ OWN_CGROUP: value })
  env.isNone('OWN_CGROUP')
  expect(() => env.check()).toThrow(`OWN_CGROUP must be empty or none, got ${JSON.stringify(value)}`)
})
