import { beforeAll, expect, test } from '@jest/globals'
import { accept, untilFinished } from './api.ts'
import { brokenHttp } from './broken-http.ts'
import type { WireRequest } from './http-text.ts'
import { malformedAddresses } from './malformed-addresses.ts'
import { malformedJobs } from './malformed-jobs.ts'
import { metrics } from './metrics.ts'
import { seed, Seeded } from './seeded.ts'
import { sql } from './sql.ts'
import { lifeOf, untilHealthy } from './stack.ts'
import { send, type WireAnswer } from './wire.ts'

const REQUESTS = 5000
const AT_ONCE = 16
const TEST_MS = 300_000
const makers = [...malformedJobs, ...malformedAddresses, ...brokenHttp]

beforeAll(() => untilHealthy(), 130_000)

test(`${REQUESTS} malformed requests: each is refused, none with a 5xx, none becomes a job, and the api goes on as it was`, async () => {
  const number = seed()
  console.log(`malformed requests with SEED=${number}`)
  const before = { life: await lifeOf('api'), jobs: await countJobs() }
  const answers: Record<string, number> = {}
  const faults = await sendAll(new Seeded(number), answers)

  console.log('malformed requests:', answers)
  expect(faults).toEqual([])
  expect(await countJobs()).toBe(before.jobs)
  expect(await untilFinished((await accept('noop')).id)).toMatchObject({ status: 'succeeded' })
  expect(await lifeOf('api')).toEqual(before.life)
  expect((await metrics('api')).value('container_oom_events_total')).toBe(0)
}, TEST_MS)

/** All kinds in turn, several at once. @returns what went wrong, at most a few of them */
async function sendAll (random: Seeded, answers: Record<string, number>): Promise<string[]> {
  const faults: string[] = []
  let sent = 0
  const client = async (): Promise<void> => {
    while (sent < REQUESTS && faults.length < 10) {
      const request = makers[sent++ % makers.length]!(random)
      const answer = await send(request).catch((err: Error) => err)
      const fault = answer instanceof Error ? answer.message : faultOf(request, answer)
      const got = answer instanceof Error ? 'silence' : answer?.status ?? 'closed'
      answers[got] = (answers[got] ?? 0) + 1
      if (fault !== null) faults.push(`${request.what}: ${fault}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, client))
  return faults
}

function faultOf ({ isBroken }: WireRequest, answer: WireAnswer | null): string | null {
  if (answer === null) return isBroken ? null : 'closed without an answer'
  if (answer.status < 400 || answer.status > 499) return `${answer.status} ${answer.body.slice(0, 200)}`
  return isBroken || isProblem(answer) ? null : `no problem document: ${answer.status} ${answer.contentType} ${answer.body.slice(0, 200)}`
}

function isProblem ({ status, contentType, body }: WireAnswer): boolean {
  if (!contentType.startsWith('application/problem+json')) return false
  const { title, status: told, code, detail } = JSON.parse(body)
  return told === status && [title, code, detail].every(text => typeof text === 'string' && text !== '')
}

async function countJobs (): Promise<number> {
  return Number((await sql('SELECT count(*) FROM jobs'))[0]![0])
}
