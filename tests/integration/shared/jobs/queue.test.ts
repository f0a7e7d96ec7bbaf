import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { pino } from 'pino'
import { JobQueue } from '#shared/jobs/queue.ts'
import { createRedis, pingRedis, type Redis } from '#shared/stores/redis.ts'
import { capturedLog } from '#support/captured-log.ts'
import { freshPrefix, type FreshPrefix } from '#support/stores/fresh-prefix.ts'
import { createOutage, type Outage } from '#support/stores/outage.ts'
import { storeUrl } from '#support/stores/store-urls.ts'
import { until } from '#support/until.ts'

const ID = '019ab000-0000-7000-8000-000000000001'
let outage: Outage
let client: Redis
let fresh: FreshPrefix
let queue: JobQueue
beforeAll(async () => {
  outage = await createOutage(storeUrl('REDIS_URL'))
  client = createRedis({ url: outage.url, log: pino({ level: 'silent' }), failFast: true })
})
beforeEach(async () => {
  fresh = freshPrefix()
  queue = new JobQueue(client, fresh.prefix)
  await until(() => client.isReady, { what: 'Redis to be connected' })
})
afterAll(async () => {
  client.destroy()
  await outage.close()
  await fresh.clear()
})

test('an entry that is added twice is there once', async () => {
  await queue.add(ID, 'noop')
  await queue.add(ID, 'noop')
  expect(await queue.depth()).toEqual({ waiting: 1, active: 0 })
  await fresh.clear()
})

test('entries that are missing are added, and those that are there stay as they are', async () => {
  const other = ID.replace('1', '2')
  await queue.add(ID, 'noop')
  await queue.addMissing([{ id: ID, kind: 'noop' }, { id: other, kind: 'cpu' }])
  expect(await queue.depth()).toEqual({ waiting: 2, active: 0 })
  await queue.addMissing([{ id: ID, kind: 'noop' }, { id: other, kind: 'cpu' }])
  expect(await queue.depth()).toEqual({ waiting: 2, active: 0 })
  await fresh.clear()
})

test('entries are added together also by a Redis that was restarted and has forgotten all scripts', async () => {
  await queue.add(ID, 'noop')
  await client.scriptFlush()
  await Promise.all(['2', '3', '4'].map(digit => queue.add(ID.replace('1', digit), 'noop')))
  await client.scriptFlush()
  await queue.addMissing([{ id: ID.replace('1', '5'), kind: 'noop' }])
  expect(await queue.depth()).toEqual({ waiting: 5, active: 0 })
  await fresh.clear()
})

test('an entry that is removed is gone, and one that never was is no error', async () => {
  await queue.add(ID, 'noop')
  await queue.remove(ID)
  await queue.remove(ID)
  expect(await queue.depth()).toEqual({ waiting: 0, active: 0 })
  await fresh.clear()
})

test('a queue whose Redis is cut fails at once, and works again when Redis is back', async () => {
  await outage.cut()
  await until(() => !client.isReady, { what: 'the client to notice' })
  for (const question of [
    () => queue.add(ID, 'noop'), () => queue.addMissing([{ id: ID, kind: 'noop' }]), () => queue.remove(ID), () => queue.depth()
  ]) {
    await expect(question()).rejects.toThrow('Redis does not answer')
  }
  await expect(pingRedis(client)).rejects.toThrow('not connected')
  await outage.restore()
  await until(() => client.isReady, { what: 'Redis to be connected again' })
  await queue.add(ID, 'noop')
  await pingRedis(client)
  await fresh.clear()
})

test('a Redis that goes and comes back is logged once each, not at every try', async () => {
  const { log, lines } = capturedLog()
  const own = await createOutage(storeUrl('REDIS_URL'))
  const redis = createRedis({ url: own.url, log, failFast: true })
  let tries = 0
  try {
    redis.on('error', () => { tries++ })
    await until(() => redis.isReady, { what: 'Redis to be connected' })
    await own.cut()
    await until(() => tries >= 3, { what: 'three tries to connect' })
    await own.restore()
    await until(() => redis.isReady, { what: 'Redis to be connected again' })
    expect(lines.map(({ msg }) => msg)).toEqual(['Redis does not answer', 'Redis answers again'])
  } finally {
    redis.destroy()
    await own.close()
  }
})
