import { expect, test } from '@jest/globals'
import type { JobKind } from '#shared/jobs/job.ts'
import { capturedLog } from '#support/captured-log.ts'
import { until } from '#support/until.ts'
import { Reconciler } from '#worker/reconciler.ts'

interface Row { id: string, kind: JobKind }

function rows (count: number): Row[] {
  return Array.from({ length: count }, (_, i) => ({ id: `job-${i}`, kind: 'noop' }))
}

type Take = (ageMs: number, limit: number) => Promise<Row[]>

function setUp (take: Take, add = async (_id: string, _kind: JobKind) => {}, everyMs = 60_000) {
  const added: string[] = []
  const queue = {
    addMissing: async (rows: Row[]) => {
      for (const { id, kind } of rows) {
        await add(id, kind)
        added.push(`${kind} ${id}`)
      }
    }
  }
  const { log, lines } = capturedLog()
  return { added, lines, reconciler: new Reconciler({ store: { takeUnchecked: take }, queue, log }, everyMs) }
}

test('reconciling offers every row that was not compared for the interval to the queue', async () => {
  const asked: number[] = []
  const take: Take = async (ageMs, limit) => {
    asked.push(ageMs, limit)
    return rows(2)
  }
  const { reconciler, added } = setUp(take, undefined, 3000)
  expect(await reconciler.reconcile()).toBe(2)
  expect(added).toEqual(['noop job-0', 'noop job-1'])
  expect(asked).toEqual([3000, 500])
})

test('a started reconciler, after a full batch, asks for the next one at once', async () => {
  const batches = [rows(500), rows(500), rows(3)]
  const { reconciler, added } = setUp(async () => batches.shift() ?? [])
  reconciler.start()
  await until(() => added.length === 1003, { what: 'all rows', timeoutMs: 1000 })
  await reconciler.stop()
})

test.each([
  ['the store', async (): Promise<Row[]> => { throw new Error('away') }, undefined],
  ['the queue', async () => rows(1), async () => { throw new Error('away') }]
])('a started reconciler goes on when %s is away', async (_what, take, add) => {
  let tries = 0
  const { reconciler, lines } = setUp(async () => { tries++; return take() }, add, 1)
  reconciler.start()
  await until(() => tries >= 3, { what: 'three tries' })
  await reconciler.stop()
  expect(lines[0]).toMatchObject({ reason: 'away' })
})

test('a stopped reconciler does not wait for its interval, and asks no more', async () => {
  let tries = 0
  const { reconciler } = setUp(async () => { tries++; return [] })
  reconciler.start()
  await until(() => tries === 1, { what: 'the first try' })
  await reconciler.stop()
  expect(tries).toBe(1)
})
