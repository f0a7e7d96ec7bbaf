import { afterAll, beforeAll, expect } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { audit } from './support/audit.ts'
import { openBrowser, shifted } from './support/browser.ts'
import { narrow, pageTest, widthOf, withholdAnswer } from './support/page-test.ts'

let browser: Browser

beforeAll(async () => { browser = await openBrowser() }, 30_000)
afterAll(async () => { await browser.close() })

const withPage = pageTest(() => browser)
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const trial = (page: Page, number: number) => page.locator('.figures-of-trial').nth(number - 1)
const curve = (page: Page, name: string) => page.getByRole('img', { name: new RegExp(`^${name}`) })
const outcome = (page: Page, words: string) => page.locator('.now .run-status').getByText(words, { exact: true })

/** A whole sweep takes some eight seconds. */
const quick = { speed: 10 }

async function start (page: Page): Promise<void> {
  await button(page, 'Start').click()
  await button(page, 'Cancel').waitFor()
}

async function untilOver (page: Page): Promise<void> {
  await button(page, 'Start').waitFor({ timeout: 40_000 })
}

withPage('a whole sweep goes from the form to a recommendation', { hash: '#sweep', replay: quick }, async page => {
  await start(page)
  await page.getByRole('navigation').getByText('sweep of api /work/cpu?ms=5 at 40/s').waitFor()
  await page.getByText(/^Trial 2: 0\.23\sCPUs, 256\sMiB, 128\stasks/).waitFor()
  await page.getByText(/passed, about .* to come$/).waitFor()
  await trial(page, 1).getByText('baseline').waitFor()
  await untilOver(page)
  await outcome(page, 'recommended').waitFor()
  expect(await trial(page, 2).innerText()).toMatch(/0\.23[^]*not measured/)
  expect(await trial(page, 3).innerText()).toMatch(/1\.7\ss[^]*81\s%[^]*failed/)
  expect(await page.locator('.recommendation').innerText()).toMatch(/0\.36[^]*104\sMiB[^]*memswap_limit: 104M[^]*memory: 104Mi/)
})

withPage('the curves say in words what they show', { hash: '#sweep', replay: quick }, async page => {
  await start(page)
  await untilOver(page)
  await curve(page, 'p99 of each trial').and(page.getByRole('img', {
    name: /Trial 5, 0\.27\sCPUs: 372\sms, failed\..*The knee is between 0\.27\sCPUs and 0\.295\sCPUs\. Recommended: 0\.36\sCPUs\./
  })).waitFor()
  await curve(page, 'Share of periods').waitFor()
  await curve(page, 'Share of requests or jobs that failed').waitFor()
  await curve(page, 'Share of time in which some task waited for memory').waitFor()
})

withPage('where the kernel has no PSI, refaults are shown instead', { hash: '#sweep', replay: { ...quick, version: 'v1' } }, async page => {
  await start(page)
  await untilOver(page)
  await curve(page, 'Pages a second').waitFor()
  await page.getByText('This kernel has no PSI for memory here').waitFor()
})

withPage('the evidence of a trial is opened by keyboard', { hash: '#sweep', replay: quick }, async page => {
  await start(page)
  const summary = page.locator('.evidence summary').nth(2)
  await summary.getByText('p99 is at most 250 ms').waitFor({ timeout: 20_000 })
  await summary.focus()
  await page.keyboard.press('Enter')
  await page.getByText('api: memory.events oom_kill').filter({ visible: true }).waitFor()
  await trial(page, 5).waitFor()
  // The next trials leave open what is open.
  expect(await page.getByText('api: memory.events oom_kill').filter({ visible: true }).count()).toBe(1)
})

const clipboard = { permissions: ['clipboard-read', 'clipboard-write'] }

withPage('the lines for compose.yaml are copied', { hash: '#sweep', replay: quick, view: clipboard }, async page => {
  await start(page)
  await untilOver(page)
  await button(page, 'Show the limits to set').click()
  expect(await page.evaluate('document.activeElement.textContent')).toBe('What to set')
  await button(page, 'Copy').first().click()
  await button(page, 'Copied').waitFor()
  expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(/^services:\n {2}api:\n/)
})

withPage('a sweep is cancelled, and its trials stay', { hash: '#sweep', replay: quick }, async page => {
  await start(page)
  await trial(page, 2).waitFor()
  await button(page, 'Cancel').click()
  await untilOver(page)
  await outcome(page, 'cancelled').waitFor()
  await page.getByText(/recommends nothing. The limits are 0\.5\sCPUs, 256\sMiB, 128\stasks, as before/).waitFor()
  expect(await trial(page, 2).isVisible()).toBe(true)
  expect(await page.locator('.recommendation').isVisible()).toBe(false)
})

withPage('a sweep of jobs has a kind and parameters', { hash: '#sweep', replay: quick }, async page => {
  await page.getByRole('button', { name: /^jobs, memory/ }).click()
  expect(await page.getByRole('textbox', { name: 'Path' }).count()).toBe(0)
  await start(page)
  await page.getByRole('heading', { name: 'worker memory {"mib":64,"holdMs":200} at 1/s' }).waitFor()
})

withPage('a fault is shown at its field, which gets the focus', { hash: '#sweep' }, async page => {
  await page.getByLabel('Work').selectOption('jobs')
  await page.getByLabel('Parameters').fill('mib: 64')
  await page.keyboard.press('Enter')
  await page.getByText('an object in JSON').waitFor()
  expect(await page.evaluate('document.activeElement.id')).toBe('sweep-parameters')
})

withPage('a refusal by the lab is shown at the button', { hash: '#sweep', tolerates: /Failed to load resource/ }, async page => {
  await page.getByRole('textbox', { name: 'p99' }).fill('90000')
  await button(page, 'Start').click()
  await page.getByRole('alert').getByText('goal.p99Ms: expected a number from 1 to 60000').waitFor()
})

withPage('with experiments off a sweep is refused in words', { hash: '#sweep', replay: { isOn: false }, tolerates: /Failed to load resource/ }, async page => {
  await button(page, 'Start').click()
  await page.getByRole('alert').getByText('Sweeps are switched off here').waitFor()
})

withPage('beside another project a sweep is of one of its services', { hash: '#sweep', replay: { isAttached: true } }, async page => {
  const service = page.getByRole('combobox', { name: 'Service' })
  expect(await service.locator('option').allInnerTexts()).toEqual(['api', 'lab', 'postgres', 'redis', 'worker'])
  expect(await page.getByRole('combobox', { name: 'Work' }).isVisible()).toBe(false)
  await service.selectOption('worker')
  await page.getByRole('textbox', { name: 'Port' }).fill('8000')
  const [asked] = await Promise.all([
    page.waitForRequest(request => request.method() === 'POST'),
    page.getByRole('button', { name: 'Start' }).click()
  ])
  expect(asked.postDataJSON()).toMatchObject({ service: 'worker', port: 8000, path: '/', ratePerSecond: 40 })
  expect(await audit(page)).toEqual([])
})

withPage('without a broker each line to type is shown, and the place for it stays', { hash: '#sweep', replay: { speed: 2, canChangeLimits: false } }, async page => {
  await page.getByText('waits until somebody has typed it').waitFor()
  await start(page)
  await page.getByText('docker update --cpus 8 --memory 268435456').waitFor()
  await page.getByText('Nothing to type now').waitFor()
  const before = await shifted(page)
  await page.getByText('docker update --cpus 0.23').waitFor()
  expect(await shifted(page) - before).toBeLessThan(0.01)
})

withPage('while a sweep runs, no load is started, and the load view says why', { hash: '#sweep' }, async (page, url) => {
  await start(page)
  await page.goto(`${url}#load`)
  await page.getByText('is running, and a load would disturb it').waitFor()
  expect(await button(page, 'Start').isDisabled()).toBe(true)
})

withPage('while a load runs, no sweep is started', { hash: '#load' }, async (page, url) => {
  await button(page, 'Start').click()
  await button(page, 'Cancel').waitFor()
  await page.goto(`${url}#sweep`)
  await page.getByText('is running, and a sweep would disturb it').waitFor()
  expect(await button(page, 'Start').isDisabled()).toBe(true)
})

withPage('somebody who goes to another view while a sweep is being started stays there', { hash: '#sweep' }, async (page, url) => {
  const { letGo } = await withholdAnswer(page, '**/api/sweeps')
  await button(page, 'Start').click()
  await page.getByRole('navigation').getByText('sweep of api').waitFor()
  await page.goto(`${url}#live`)
  await letGo()
  await page.getByRole('heading', { name: 'Containers' }).waitFor()
  expect(await page.title()).toBe('limits-lab')
})

withPage('a reload in the middle of a sweep comes back to it, and after its end to the same sweep', { hash: '#sweep', replay: quick }, async page => {
  await start(page)
  await trial(page, 3).waitFor()
  await page.reload()
  await trial(page, 3).waitFor()
  await button(page, 'Cancel').waitFor()
  await untilOver(page)
  await start(page)
  await page.locator('.sweeps-so-far').getByRole('link').nth(1).click()
  await outcome(page, 'recommended').waitFor()
  await page.reload()
  await outcome(page, 'recommended').waitFor()
  expect(await trial(page, 11).isVisible()).toBe(true)
})

for (const [width, view] of [['1280', {}], ['360', narrow]] as const) {
  withPage(`nothing moves while trials appear and a sweep ends, at ${width} px`, { hash: '#sweep', replay: quick, view }, async page => {
    await start(page)
    await trial(page, 1).waitFor()
    const before = await shifted(page)
    await untilOver(page)
    await outcome(page, 'recommended').waitFor()
    expect(await shifted(page) - before).toBeLessThan(0.01)
    expect(await widthOf(page)).toBe(Number(width))
  })
}
