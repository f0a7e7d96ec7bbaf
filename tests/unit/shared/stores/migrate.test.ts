import { expect, test } from '@jest/globals'
import { Schema } from '#shared/stores/migrate.ts'
import { capturedLog } from '#support/captured-log.ts'
import { until } from '#support/until.ts'

test('a schema whose migration fails and then succeeds is current, and says why it was not', async () => {
  const { log, lines } = capturedLog()
  let tries = 0
  const schema = new Schema(async () => {
    if (++tries === 1) throw new Error('Postgres is starting')
  }, log, 5)
  schema.start()
  await expect(schema.check()).rejects.toThrow('the schema is not up to date yet')
  await until(() => schema.isCurrent, { what: 'the schema to be current' })
  await schema.check()
  await schema.stop()
  expect(tries).toBe(2)
  expect(lines.map(({ reason }) => reason)).toEqual(['Postgres is starting'])
})

test('a schema whose migration fails several times says each reason once, however often it repeats itself', async () => {
  const { log, lines } = capturedLog()
  const reasons = ['refused', 'refused', 'refused', 'starting', 'starting']
  const schema = new Schema(async () => {
    const reason = reasons.shift()
    if (reason !== undefined) throw new Error(reason)
  }, log, 1)
  schema.start()
  await until(() => schema.isCurrent, { what: 'the schema to be current' })
  await schema.stop()
  expect(lines.map(({ reason }) => reason)).toEqual(['refused', 'starting'])
})

test('a schema that is stopped while Postgres is away tries no more', async () => {
  const { log } = capturedLog()
  let tries = 0
  const schema = new Schema(async () => { tries++; throw new Error('away') }, log)
  schema.start()
  await until(() => tries === 1, { what: 'the first try' })
  await schema.stop()
  expect([tries, schema.isCurrent]).toEqual([1, false])
})

test('a schema that is stopped while it migrates lets the migration end', async () => {
  const { log } = capturedLog()
  let finish = (): void => {}
  const schema = new Schema(() => new Promise(resolve => { finish = resolve }), log)
  schema.start()
  const stopped = schema.stop()
  finish()
  await stopped
  expect(schema.isCurrent).toBe(true)
})
