import { beforeAll, expect, test } from '@jest/globals'
import type { Sample } from '#lab/wire/live.ts'
import { accept, untilFinished } from './support/api.ts'
import { barrage } from './support/barrage.ts'
import { brokenHttp } from './support/broken-http.ts'
import { foreignRequests, refusalFault, type Target } from './support/foreign-requests.ts'
import type { RawRequest } from './support/http-text.ts'
import { labJson } from './support/lab-command.ts'
import { lab, labUrl } from './support/lab.ts'
import { malformedAddresses } from './support/malformed-addresses.ts'
import { malformedJobs } from './support/malformed-jobs.ts'
import { metrics } from './support/metrics.ts'
import { seed, Seeded } from './support/seeded.ts'
import type { RawAnswer } from './support/send-bytes.ts'
import { sql } from './support/sql.ts'
import { lifeOf, stack, untilHealthy } from './support/stack.ts'

const REQUESTS = 5000
const FOREIGN_REQUESTS = 2000
const TEST_MS = 300_000
const makers = [...malformedJobs, ...malformedAddresses, ...brokenHttp]

beforeAll(() => untilHealthy(), 130_000)

test(`${REQUESTS} malformed requests: each is refused, none with a 5xx, none becomes a job, and the api goes on as it was`, async () => {
  const number = seed()
  console.log(`malformed requests with SEED=${number}`)
  const before = { life: await lifeOf('api'), jobs: await countJobs() }
  const random = new Seeded(number)
  const { faults, answers } = await barrage(REQUESTS, i => {
    const request = makers[i % makers.length]!(random)
    return { request, port: stack().apiPort, faultOf: answer => faultOf(request, answer) }
  })

  console.log('malformed requests:', answers)
  expect(faults).toEqual([])
  expect(await countJobs()).toBe(before.jobs)
  expect(await untilFinished((await accept('noop')).id)).toMatchObject({ status: 'succeeded' })
  expect(await lifeOf('api')).toEqual(before.life)
  expect((await metrics('api')).value('container_oom_events_total')).toBe(0)
}, TEST_MS)

test(`${FOREIGN_REQUESTS} requests from elsewhere to API and lab: none is let in, none is answered 5xx, the page and the command work as before`, async () => {
  const number = seed()
  console.log(`requests from elsewhere with SEED=${number}`)
  const before = await stateOfAll()
  const random = new Seeded(number)
  const targets: Target[] = [{ service: 'api', port: stack().apiPort }, { service: 'lab', port: stack().labPort }]
  const { faults, answers } = await barrage(FOREIGN_REQUESTS, i => {
    const target = targets[i % 2]!
    const request = foreignRequests[(i >> 1) % foreignRequests.length]!(random, target)
    return { request, port: target.port, faultOf: refusalFault }
  })

  console.log('requests from elsewhere:', answers)
  expect(faults).toEqual([])
  expect(await stateOfAll()).toEqual(before)
  expect(await (await lab('/')).text()).toContain('<title>')
  expect(await (await labAsItsPage('/api/jobs', '{"kind":"noop"}')).json()).toMatchObject({ kind: 'noop' })
  expect((await labJson<Sample>('ps')).printed[0]!.containers.length).toBeGreaterThan(0)
}, TEST_MS)

/** What would have changed if one of the requests had been let in. */
async function stateOfAll (): Promise<object> {
  const { loads } = (await (await lab('/api/loads')).json()) as { loads: unknown[] }
  const { runs } = (await (await lab('/api/runs?limit=200')).json()) as { runs: unknown[] }
  return {
    api: await lifeOf('api'),
    lab: await lifeOf('lab'),
    jobs: await countJobs(),
    loads: loads.length,
    runs: runs.length
  }
}

/** Sends a request as a browser does that has the page open. */
function labAsItsPage (path: string, body: string): Promise<Response> {
  return lab(path, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json', Origin: labUrl(), 'Sec-Fetch-Site': 'same-origin' }
  })
}

function faultOf ({ isBroken }: RawRequest, answer: RawAnswer | null): string | null {
  if (answer === null) return isBroken ? null : 'closed without an answer'
  if (answer.status < 400 || answer.status > 499) return `${answer.status} ${answer.body.slice(0, 200)}`
  return isBroken || isProblem(answer) ? null : `no problem document: ${answer.status} ${answer.contentType} ${answer.body.slice(0, 200)}`
}

function isProblem ({ status, contentType, body }: RawAnswer): boolean {
  if (!contentType.startsWith('application/problem+json')) return false
  const { title, status: stated, code, detail } = JSON.parse(body)
  return stated === status && [title, code, detail].every(text => typeof text === 'string' && text !== '')
}

async function countJobs (): Promise<number> {
  return Number((await sql('SELECT count(*) FROM jobs'))[0]![0])
}
