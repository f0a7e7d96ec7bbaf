import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Client } from 'pg'
import { createClient } from 'redis'
import { askPostgres, askRedis } from '#scripts/local-stores/ask.ts'
import { freshDatabase, type FreshDatabase } from '#support/stores/fresh-database.ts'
import { freshPrefix } from '#support/stores/fresh-prefix.ts'
import { createOutage } from '#support/stores/outage.ts'
import { storeUrl } from '#support/stores/store-urls.ts'
import { until } from '#support/until.ts'

let database: FreshDatabase
beforeAll(async () => { database = await freshDatabase() })
afterAll(async () => { await database.drop() })

async function query (url: string, text: string): Promise<Record<string, string>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try { return (await client.query(text)).rows } finally { await client.end() }
}

async function withRedis<T> (use: (client: ReturnType<typeof createClient>) => Promise<T>): Promise<T> {
  const client = createClient({ url: storeUrl('REDIS_URL') })
  await client.connect()
  try { return await use(client as ReturnType<typeof createClient>) } finally { await client.close() }
}

test('the Postgres of the tests is version 14 or newer', async () => {
  const [row] = await query(database.url, 'show server_version_num')
  expect(Number(row!.server_version_num)).toBeGreaterThanOrEqual(140000)
})

test('the Redis of the tests is version 6.2 or newer', async () => {
  const [, major, minor] = /redis_version:(\d+)\.(\d+)/.exec(await withRedis(redis => redis.info('server')))!
  expect(Number(major) * 100 + Number(minor)).toBeGreaterThanOrEqual(602)
})

test('a fresh database beside another that has a table is empty', async () => {
  const other = await freshDatabase()
  try {
    await query(other.url, 'create table note (text text)')
    expect(await query(database.url, "select 1 from pg_tables where tablename = 'note'")).toEqual([])
  } finally {
    await other.drop()
  }
})

test('a fresh database, dropped while a client is connected, is gone', async () => {
  const other = await freshDatabase()
  const client = new Client({ connectionString: other.url })
  client.on('error', () => {})
  await client.connect()
  await other.drop()
  await expect(query(other.url, 'select 1')).rejects.toThrow('does not exist')
  await client.end()
})

test('a fresh prefix, cleared, deletes its own keys and no others', async () => {
  const mine = freshPrefix()
  const other = freshPrefix()
  await withRedis(async redis => {
    for (const { prefix } of [mine, other]) await redis.set(`${prefix}:key`, 'value')
    await mine.clear()
    expect(await redis.exists(`${mine.prefix}:key`)).toBe(0)
    expect(await redis.exists(`${other.prefix}:key`)).toBe(1)
    await other.clear()
  })
})

test.each([
  ['Postgres', 'DATABASE_URL', askPostgres],
  ['Redis', 'REDIS_URL', askRedis]
] as const)('%s behind an outage answers, refuses while cut, and answers again when restored', async (_store, name, ask) => {
  const outage = await createOutage(storeUrl(name))
  try {
    await ask(outage.url)
    await outage.cut()
    await expect(ask(outage.url)).rejects.toThrow()
    await outage.restore()
    await ask(outage.url)
  } finally {
    await outage.close()
  }
})

test('a connection open when the outage is cut is ended', async () => {
  const outage = await createOutage(database.url)
  const client = new Client({ connectionString: outage.url })
  let isEnded = false
  client.on('error', () => { isEnded = true })
  try {
    await client.connect()
    await outage.cut()
    await until(() => isEnded, { what: 'the client to notice the cut' })
  } finally {
    await outage.close()
  }
})
