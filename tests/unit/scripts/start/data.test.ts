import { existsSync, lstatSync, mkdtempSync, readlinkSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openData } from '#scripts/start/data.ts'

const asRoot = process.getuid?.() === 0 ? test : test.skip
const account = { uid: 65534, gid: 65534 }

let closed: string
const elsewhere: string[] = []
let umask: number
beforeEach(() => {
  closed = mkdtempSync(join(tmpdir(), 'data-'))      // 0700
  umask = process.umask(0o077)
})
afterEach(() => {
  process.umask(umask)
  for (const path of [closed, ...elsewhere.splice(0)]) rmSync(path, { recursive: true, force: true })
})

test('case 04: under umask 077 the account that runs Postgres can reach its data, and no other account reads the passwords', () => {
  const data = openData(join(closed, 'data'), null)
  expect([data.directory, data.postgres].map(path => statSync(path).mode & 0o777)).toEqual([0o711, 0o711])
  expect(statSync(data.secrets.redis).mode & 0o777).toBe(0o600)
})

asRoot('if that account cannot reach the checkout its data are elsewhere, and a link leads there', () => {
  const data = openData(join(closed, 'data'), account)
  elsewhere.push(data.postgres)
  expect(readlinkSync(join(closed, 'data/postgres'))).toBe(data.postgres)
  expect(openData(join(closed, 'data'), account).postgres).toBe(data.postgres)
})

asRoot('case 01: a checkout in the place of a removed one does not get its data', () => {
  const first = openData(join(closed, 'data'), account)
  rmSync(first.directory, { recursive: true })
  const second = openData(join(closed, 'data'), account)
  elsewhere.push(first.postgres, second.postgres)
  expect(second.postgres).not.toBe(first.postgres)
  expect(existsSync(first.postgres)).toBe(true)
})

asRoot('a link to removed data is replaced', () => {
  const { postgres } = openData(join(closed, 'data'), account)
  rmSync(postgres, { recursive: true })
  const next = openData(join(closed, 'data'), account)
  elsewhere.push(next.postgres)
  expect(lstatSync(join(closed, 'data/postgres')).isSymbolicLink()).toBe(true)
  expect(next.postgres).not.toBe(postgres)
})
