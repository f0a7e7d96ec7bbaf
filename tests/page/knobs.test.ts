import { afterAll, beforeAll, expect } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { audit } from './support/audit.ts'
import { card, openBrowser, shifted } from './support/browser.ts'
import { narrow, pageTest, widthOf } from './support/page-test.ts'

let browser: Browser

beforeAll(async () => { browser = await openBrowser() }, 30_000)
afterAll(async () => { await browser.close() })

const withPage = pageTest(() => browser)
const slider = (page: Page, name: string) => page.getByRole('slider', { name, exact: true })
const number = (page: Page, name: string) => page.getByRole('spinbutton', { name, exact: true })
const open = (page: Page, name: string) => card(page, name).getByText('Limits').click()
const set = (page: Page, name: string, what: string) =>
  card(page, name).locator('.knob').filter({ hasText: what }).getByRole('button', { name: 'Set' }).click()

withPage('a CPU limit is lowered while a job runs, and put back', {}, async page => {
  await page.getByRole('button', { name: /^cpu 4 threads/ }).click()
  await card(page, 'worker-1').getByText('throttled', { exact: true }).waitFor()
  await open(page, 'worker-1')
  await number(page, 'CPU limit of worker-1, in CPUs').fill('0.1')
  await card(page, 'worker-1').getByText(/it uses 0\.\d+ now, and would be throttled/).waitFor()
  await set(page, 'worker-1', 'CPU')
  await card(page, 'worker-1').getByText('changed from 0.50 CPUs, by hand').waitFor()
  await card(page, 'worker-1').getByText(/of 0\.10 CPUs/).waitFor()
  await card(page, 'worker-1').getByRole('button', { name: 'Put back' }).click()
  await card(page, 'worker-1').getByText(/of 0\.50 CPUs/).waitFor()
  await card(page, 'worker-1').getByText('changed', { exact: false }).waitFor({ state: 'hidden' })
})

withPage('a slider is moved by keyboard, and says its value', {}, async page => {
  await open(page, 'api-1')
  const memory = slider(page, 'memory limit of api-1')
  const before = await memory.getAttribute('aria-valuetext')
  expect(before).toBe('256 MiB')
  await memory.focus()
  for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowLeft')
  const value = Number(await number(page, 'memory limit of api-1, in MiB').inputValue())
  expect([value < 256, value > 150]).toEqual([true, true])
  expect(await memory.getAttribute('aria-valuetext')).toBe(`${value} MiB`)
  await set(page, 'api-1', 'memory')
  await card(page, 'api-1').getByText('changed from 256 MiB, by hand').waitFor()
})

withPage('a limit below what is in use is said to be refused before it is asked for', {}, async page => {
  await open(page, 'api-1')
  await number(page, 'tasks limit of api-1, in tasks').fill('5')
  await card(page, 'api-1').getByText('refused: 13 tasks are running').waitFor()
})

withPage('without a broker the card has the command to type', { replay: { canChangeLimits: false } }, async page => {
  await open(page, 'api-1')
  await number(page, 'memory limit of api-1, in MiB').fill('128')
  await card(page, 'api-1').getByText('docker update --memory 128m --memory-swap 128m limits-lab-api-1').waitFor()
  expect(await card(page, 'api-1').getByRole('button', { name: 'Set' }).count()).toBe(0)
})

withPage('nothing moves while a turned knob is watched, and it is usable at 360 px', { view: narrow }, async page => {
  await open(page, 'worker-1')
  const cpus = number(page, 'CPU limit of worker-1, in CPUs')
  await cpus.focus()
  await page.waitForTimeout(1000)
  // What moved when somebody opened it.
  const before = await shifted(page)
  await cpus.fill('0.3')
  await set(page, 'worker-1', 'CPU')
  await page.waitForTimeout(3000)
  expect(await shifted(page) - before).toBeLessThan(0.02)
  expect(await widthOf(page)).toBeLessThanOrEqual(360)
  expect(await audit(page)).toEqual([])
})

withPage('a service without a cgroup has no limits to turn', { replay: { isWithoutLimits: true } }, async page => {
  await page.getByText('no cgroup may be written to here').waitFor()
  expect(await page.locator('.knobs:visible').count()).toBe(0)
})
