import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { until } from '#support/until.ts'
import { accept, untilFinished } from './support/api.ts'
import { endings, fingerprint, forgetEndings, outcomesSince, unfinished, watchEndings } from './support/endings.ts'
import { killRepeatedly, lifetimesMs } from './support/killer.ts'
import { metrics } from './support/metrics.ts'
import { Poster, type Request } from './support/poster.ts'
import { seed, Seeded } from './support/seeded.ts'
import { lifeOf, untilHealthy } from './support/stack.ts'

/** CHAOS=full takes several times as long, and kills Postgres too. KILLS is for each victim. */
const { JOBS, KILLS, victims, TEST_MS } = process.env.CHAOS === 'full'
  ? { JOBS: 10_000, KILLS: 50, victims: ['worker', 'redis', 'api', 'postgres'] as const, TEST_MS: 2_400_000 }
  : { JOBS: 2000, KILLS: 10, victims: ['worker', 'redis', 'api'] as const, TEST_MS: 600_000 }
const CLIENTS = 8
/** How far the posting runs ahead of the killing, so that both end together on a machine of any speed. */
const AHEAD = 100

beforeAll(async () => {
  await untilHealthy()
  await watchEndings()
}, 130_000)
afterAll(forgetEndings, 20_000)

test(`${JOBS} jobs posted while ${victims.join(', ')} are each killed ${KILLS} times: every accepted job ends, each recorded once`, async () => {
  const random = new Seeded(logged(seed()))
  const first = await accept('noop')
  const before = await Promise.all(victims.map(lifeOf))
  const poster = await postWhileKilling(random)
  await untilHealthy()
  await until(async () => await unfinished() === 0, { what: 'every job to end', timeoutMs: 180_000 })

  expect(new Set(poster.accepted).size).toBe(JOBS)
  const recorded = await endings()
  expect(poster.accepted.filter(id => recorded.get(id) !== 1)).toEqual([])
  expect([...recorded.values()].filter(times => times !== 1)).toEqual([])
  await expectNothingChangesAnyMore()
  const after = await Promise.all(victims.map(lifeOf))
  expect(after.map(({ restarts }, i) => restarts - before[i]!.restarts)).toEqual(victims.map(() => KILLS))
  console.log('chaos:', {
    tries: poster.tries,
    unanswered: poster.unanswered,
    accepted: poster.accepted.length,
    rows: recorded.size,
    outcomes: await outcomesSince(first.id)
  })
},
TEST_MS
)

/** If one part fails the others are stopped too, so that nothing runs on during the next test. */
async function postWhileKilling (random: Seeded): Promise<Poster> {
  const [poster, stopping] = [new Poster(), new AbortController()]
  let kills = 0
  const parts = [
    poster.post(requests(random, () => kills / (KILLS * victims.length)), CLIENTS),
    ...victims.map(victim => killRepeatedly(victim, lifetimesMs(KILLS, random), () => { kills++ }, stopping.signal))
  ]
  try {
    await Promise.all(parts)
  } finally {
    poster.stop()
    stopping.abort()
    await Promise.allSettled(parts)
  }
  return poster
}

async function * requests (random: Seeded, progress: () => number): AsyncGenerator<Request> {
  for (let i = 0; i < JOBS; i++) {
    await until(() => i < progress() * JOBS + AHEAD, { what: 'the next kills', timeoutMs: 240_000 })
    yield request(random)
  }
}

function request (random: Seeded): Request {
  const chance = random.next()
  if (chance < 0.9) return ['noop', {}]
  return chance < 0.96 ? ['sleep', { ms: random.whole(10, 200) }] : ['cpu', { ms: random.whole(5, 40) }]
}

/** The records stay the same while the queue empties and the worker runs another job. */
async function expectNothingChangesAnyMore (): Promise<void> {
  const isEmpty = async (): Promise<boolean> => (await metrics('api')).count('queue_jobs') === 0
  const recorded = await fingerprint()
  await until(isEmpty, { what: 'the queue to be empty', timeoutMs: 60_000 })
  expect(await fingerprint()).toBe(recorded)
  expect(await untilFinished((await accept('noop')).id)).toMatchObject({ status: 'succeeded', attempts: 1 })
}

function logged (seed: number): number {
  console.log(`chaos with SEED=${seed}`)
  return seed
}
