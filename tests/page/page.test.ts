import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { until } from '#support/until.ts'
import { startReplay } from './replay/server.ts'
import { card, look, openBrowser, shifted } from './support/browser.ts'
import { narrow, pageTest, quiet, widthOf } from './support/page-test.ts'

let browser: Browser

beforeAll(async () => { browser = await openBrowser() }, 30_000)
afterAll(async () => { await browser.close() })

const withPage = pageTest(() => browser)

withPage('every service has its card, in the order of the lab', {}, async page => {
  expect(await page.locator('.card .name').allInnerTexts()).toEqual([
    'api-1',
    'worker-1',
    'worker-2',
    'postgres-1',
    'redis-1',
    'lab-1'
  ])
  expect(await card(page, 'api-1').innerText()).toMatch(
    /calm[^]*MiB of 256\sMiB[^]*of 0\.50 CPUs[^]*13 of 128[^]*not throttled/
  )
  expect(await card(page, 'lab-1').innerText()).toMatch(/no limit[^]*not measured/)
})

withPage('a cpu job turns the worker’s card to throttled, and back to calm', {}, async page => {
  await page.getByRole('button', { name: /^cpu 4 threads/ }).click()
  await card(page, 'worker-1').getByText('throttled', { exact: true }).waitFor()
  expect(await card(page, 'worker-1').innerText()).toMatch(/throttled \d+\s%/)
  await page.locator('.job-list').getByText('succeeded').waitFor({ timeout: 20_000 })
  await card(page, 'worker-1').getByText('calm').waitFor()
})

withPage('a job beyond the memory limit shows the kill with its evidence', {}, async page => {
  await page.getByRole('button', { name: /^memory 512 MiB/ }).click()
  await page.getByRole('log').getByText('oom_kill +1, peak = 256 MiB of 256 MiB').waitFor({ timeout: 20_000 })
  await card(page, 'worker-1').getByText('OOM-killed').waitFor()
  await page.locator('.job-list').getByText('oom_killed: ').waitFor()
})

withPage('an unfinished job can be cancelled', {}, async page => {
  await page.getByRole('button', { name: /^cpu 4 threads/ }).click()
  await page.getByRole('button', { name: /^Cancel job/ }).click()
  await page.locator('.job-list').getByText('cancelled', { exact: true }).waitFor()
})

withPage('nothing moves while data arrives', { replay: { isScripted: true, pastSeconds: 240 } }, async page => {
  await page.waitForTimeout(20_000)
  expect(await shifted(page)).toBeLessThan(0.02)
})

withPage('without pressure files, pressure is not measured', { replay: { version: 'v1' } }, async page => {
  await card(page, 'api-1').getByText('not measured').waitFor()
  await page.getByText('this kernel reports no pressure').waitFor()
})

withPage('services without a cgroup are not waited for, and the page says how to get one', { replay: { isWithoutLimits: true } }, async page => {
  await page.getByText('no cgroup may be written to here').waitFor()
  expect(await page.locator('.card .state').allInnerTexts()).toEqual(Array(5).fill('no cgroup'))
})

withPage('a card chosen by keyboard is shown alone, and its memory is reconciled', {}, async page => {
  await page.getByRole('button', { name: 'redis-1' }).focus()
  await page.keyboard.press('Enter')
  expect(await page.getByRole('button', { name: 'redis-1', exact: true }).getAttribute('aria-pressed')).toBe('true')
  expect(await page.locator('.chart').first().locator('.legend .label').allInnerTexts()).toEqual(['redis-1'])
  expect(await page.locator('#memory-of').innerText()).toContain('redis-1')
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Limits')
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.textContent')).toBe('lab-1')
})

withPage('a paused chart stands still, and goes on afterwards', {}, async page => {
  await page.getByRole('button', { name: 'Pause charts' }).click()
  const chart = page.locator('.chart .legend').nth(1)
  const before = await chart.innerText()
  await page.waitForTimeout(1500)
  expect(await chart.innerText()).toBe(before)
  await page.getByRole('button', { name: 'Resume charts' }).click()
})

withPage('the live view does not make a phone scroll sideways', { replay: { isScripted: true }, view: narrow }, async page => {
  await page.waitForTimeout(1000)
  expect(await widthOf(page)).toBe(360)
})

withPage('in no view does the page request anything from another host than its lab', {}, async (page, url) => {
  const elsewhere: string[] = []
  page.on('request', request => { if (!request.url().startsWith(url)) elsewhere.push(request.url()) })
  for (const hash of ['', '#experiments', '#experiment/memory-limit', '#load']) {
    await page.goto(url + hash)
    await page.reload()
    await page.locator('#connection').getByText('live').waitFor()
  }
  expect(elsewhere).toEqual([])
})

test('a refused job says why', async () => {
  const replay = await startReplay(quiet)
  const { page } = await look(browser, replay.url)
  for (let i = 0; i < 7; i++) await page.getByRole('button', { name: /^cpu 2 s/ }).click()
  await page.getByText('cpu 2 s was refused: The queue does not answer.').waitFor()
  await page.context().close()
  await replay.close()
}, 60_000)

test('the page says that the connection is lost, and is live again when the lab is back', async () => {
  const replay = await startReplay(quiet)
  const { page } = await look(browser, replay.url)
  const port = Number(new URL(replay.url).port)
  await page.locator('#connection').getByText('live').waitFor()
  await replay.close()
  await page.getByText('connection lost, trying again').waitFor({ timeout: 20_000 })
  const again = await startReplay({ ...quiet, port, pastSeconds: 1 })
  await page.locator('#connection').getByText('live').waitFor({ timeout: 20_000 })
  await card(page, 'api-1').getByText('calm').waitFor()
  await page.context().close()
  await again.close()
}, 60_000)

/** What the legend of the second chart says. */
const drawnAt = (page: Page) => page.locator('.chart').nth(1).locator('.legend').innerText()

async function untilChanged (page: Page, before: string): Promise<void> {
  await until(async () => await drawnAt(page) !== before, { what: 'the charts to go on' })
}

for (const seconds of [-600, 600, -0.2]) {
  withPage(`case 11: the charts go on when the host's clock is set by ${seconds} s`, { replay: { isScripted: true, pastSeconds: 120 } }, async (page, _url, replay) => {
    await untilChanged(page, await drawnAt(page))
    replay.setClock(seconds)
    for (let i = 0; i < 3; i++) await untilChanged(page, await drawnAt(page))
    await page.locator('#connection').getByText('live').waitFor()
  })
}
