import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { until } from '#support/until.ts'
import { card, look, openBrowser, type Looked } from '../page/support/browser.ts'
import { api, type JobAnswer } from './support/api.ts'
import { killedAtItsLimit } from './support/kill-words.ts'
import { labUrl } from './support/lab.ts'
import { compose, inspect, services, untilHealthy } from './support/stack.ts'

const memoryOfLimit = /^\d+(\.\d+)?\sMiB of (128|256)\sMiB$/
/** What the browser itself logs about a stream that it cannot open; no script can prevent that. */
const triedInVain =
  /^Failed to load resource: (net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|CONNECTION_CLOSED|SOCKET_NOT_CONNECTED|EMPTY_RESPONSE)|the server responded with a status of 503 \(Service Unavailable\)) \(http:\/\/127\.0\.0\.1:\d+\/api\/stream\)$/

let browser: Browser
let looked: Looked

beforeAll(async () => {
  await untilHealthy()
  browser = await openBrowser()
}, 150_000)
beforeEach(async () => { looked = await look(browser, labUrl()) })
afterEach(async () => {
  await looked?.page.context().close()
  await untilIdle()
}, 130_000)
afterAll(async () => {
  await browser?.close()
  await compose('start', 'lab')
  await untilHealthy()
}, 130_000)

test('every service has its card, with what the kernel says of it', async () => {
  const { page, complaints } = looked
  for (const service of services) await card(page, `${service}-1`).getByText(memoryOfLimit).waitFor()
  expect(complaints).toEqual([])
})

test('a cpu job turns the worker\'s card to throttled, and back to calm', async () => {
  const { page, complaints } = looked
  const worker = card(page, 'worker-1')
  await worker.getByText('calm').waitFor()
  await page.getByRole('button', { name: /^cpu 2 s/ }).click()
  await worker.getByText('throttled', { exact: true }).waitFor()
  await worker.getByText(/^throttled \d+\s%$/).waitFor()
  await worker.getByText('calm').waitFor()
  expect(complaints).toEqual([])
})

test('a job beyond the memory limit shows the kill with the kernel\'s evidence', async () => {
  const { page, complaints } = looked
  const kills = page.getByRole('log').getByText(killedAtItsLimit)
  const before = await kills.count()
  await page.getByRole('button', { name: /^memory 512 MiB/ }).click()
  await kills.nth(before).waitFor()
  await card(page, 'worker-1').getByText('OOM-killed').waitFor()
  expect(complaints).toEqual([])
})

test('while the lab\'s container is away the page says that the connection is lost, and goes on by itself once it is back', async () => {
  const { page, complaints } = looked
  const [connection, summary] = [page.locator('#connection'), page.locator('#services')]
  await connection.getByText('live').waitFor()
  expect(complaints).toEqual([])
  await compose('stop', 'lab')
  expect((await inspect('lab')).State.ExitCode).toBe(0)
  await connection.getByText('connection lost, trying again').waitFor()
  await summary.getByText(/^showing values of /).waitFor()
  await until(() => complaints.length > 0, { what: 'the browser to have tried in vain' })

  await compose('start', 'lab')
  await connection.getByText('live').waitFor()
  const whileAway = complaints.splice(0)
  await summary.getByText('every service answers').waitFor()
  await card(page, 'worker-1').getByText(memoryOfLimit).waitFor()
  expect(whileAway.filter(complaint => !triedInVain.test(complaint))).toEqual([])
  expect(complaints).toEqual([])
})

/** Jobs run one after the other: with the newest ended, the worker is at rest for the next test. */
async function untilIdle (): Promise<void> {
  const newest = async () => ((await (await api('/jobs?limit=1')).json()) as { jobs: JobAnswer[] }).jobs[0]
  await until(async () => (await newest())?.finishedAt !== null, {
    what: 'the newest job to have ended',
    timeoutMs: 120_000
  })
}
