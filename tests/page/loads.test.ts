import { afterAll, beforeAll, expect } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { openBrowser, shifted } from './support/browser.ts'
import { narrow, pageTest, widthOf, withholdAnswer } from './support/page-test.ts'

let browser: Browser

beforeAll(async () => { browser = await openBrowser() }, 30_000)
afterAll(async () => { await browser.close() })

const withPage = pageTest(() => browser)
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const figure = (page: Page, name: string) => page.locator('.figures > div').filter({ hasText: name }).locator('dd')

async function run (page: Page, rates: string, seconds: string): Promise<void> {
  await page.getByLabel('Requests a second').fill(rates)
  await page.getByLabel('Seconds').fill(seconds)
  await button(page, 'Start').click()
  await button(page, 'Cancel').waitFor()
}

const untilOver = (page: Page) => button(page, 'Start').waitFor({ timeout: 30_000 })

withPage('a load is started, watched and listed, and its generator says whether it kept the pace', { hash: '#load' }, async page => {
  await run(page, '50', '3')
  await page.getByRole('navigation').getByText('load on api /work/cpu?ms=5').waitFor()
  await figure(page, 'in flight').getByText(/\d/).waitFor()
  await untilOver(page)
  await page.getByText('The generator kept the pace').waitFor()
  expect(await figure(page, 'p99').innerText()).toMatch(/\d\sms/)
  const row = page.locator('.loads').getByRole('row').nth(1)
  expect(await row.innerText()).toMatch(/50\/s for 3\ss[^]*kept pace/)
  expect(await page.locator('.timeline', { hasText: 'Throttled periods' }).locator('.value').innerText()).toMatch(/%/)
})

withPage('somebody who goes to another view while a load is being started stays there', { hash: '#load' }, async (page, url) => {
  const { letGo } = await withholdAnswer(page, '**/api/loads')
  const activity = page.getByRole('navigation').getByText('load on api')
  await page.getByLabel('Seconds').fill('2')
  await button(page, 'Start').click()
  await activity.waitFor()
  await page.goto(`${url}#live`)
  await letGo()
  await activity.waitFor({ state: 'detached' })
  expect(await page.title()).toBe('limits-lab')
})

withPage('two loads stand side by side, the second in multiples of the first', { hash: '#load' }, async page => {
  await run(page, '40', '1')
  await untilOver(page)
  await run(page, '180', '2')
  await untilOver(page)
  const boxes = page.getByRole('checkbox', { name: /^Compare/ })
  await boxes.nth(1).check()
  await boxes.nth(0).check()
  const p99 = page.getByRole('region', { name: 'Loads side by side' }).getByRole('row').filter({ hasText: 'p99' })
  await p99.getByText(/× \d/).waitFor()
})

withPage('a preset fills the form, and the figures of several rates are listed one by one', { hash: '#load' }, async page => {
  await page.getByRole('button', { name: /^in steps/ }).click()
  expect(await page.getByLabel('Requests a second').inputValue()).toBe('40, 60, 80, 100, 120')
  await run(page, '40, 80', '2')
  await untilOver(page)
  expect(await page.locator('.steps-of-load tbody tr').count()).toBe(2)
})

withPage('a load is cancelled, and what was measured until then is shown', { hash: '#load' }, async page => {
  await run(page, '50', '60')
  await button(page, 'Cancel').click()
  await untilOver(page)
  await page.getByText(/^\W*Cancelled after/).waitFor()
})

withPage('a reload in the middle of a load comes back to it', { hash: '#load' }, async page => {
  await run(page, '50', '6')
  await page.reload()
  await button(page, 'Cancel').waitFor()
  await page.getByText(/^\d s of 6 s$/).waitFor()
  await untilOver(page)
})

withPage('a fault is shown at its field, which gets the focus', { hash: '#load' }, async page => {
  await page.getByLabel('Requests a second').fill('many')
  await page.keyboard.press('Enter')
  await page.getByText('a number, or several: 20, 60, 100').waitFor()
  expect(await page.evaluate('document.activeElement.id')).toBe('load-requests-a-second')
  expect(await page.getByLabel('Requests a second').getAttribute('aria-invalid')).toBe('true')
})

withPage('a refusal by the lab is shown at the button', { hash: '#load', tolerates: /Failed to load resource/ }, async page => {
  await page.getByLabel('Connections').fill('9000')
  await button(page, 'Start').click()
  await page.getByRole('alert').getByText('connections: expected a whole number from 1 to 500').waitFor()
})

withPage('while an experiment runs, no load is started', { hash: '#experiment/memory-limit' }, async (page, url) => {
  await button(page, 'Run without a prediction').click()
  await button(page, 'Cancel').waitFor()
  await page.goto(`${url}#load`)
  await page.getByText('is running, and a load would disturb it').waitFor()
  expect(await button(page, 'Start').isDisabled()).toBe(true)
})

withPage('nothing moves while a load goes on and ends', { hash: '#load' }, async page => {
  await run(page, '40, 80', '3')
  await figure(page, 'in flight').getByText(/\d/).waitFor()
  const before = await shifted(page)
  await untilOver(page)
  await page.getByText('The generator kept the pace').waitFor()
  expect(await shifted(page) - before).toBeLessThan(0.01)
})

withPage('no load, step or comparison makes a phone scroll sideways', { hash: '#load', view: narrow }, async page => {
  expect(await widthOf(page)).toBe(360)
  await run(page, '40, 80, 120', '2')
  await untilOver(page)
  await run(page, '40', '1')
  await untilOver(page)
  for (const box of await page.getByRole('checkbox', { name: /^Compare/ }).all()) await box.check()
  expect(await widthOf(page)).toBe(360)
})
