import { afterAll, beforeAll, expect } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { audit } from './support/audit.ts'
import { openBrowser } from './support/browser.ts'
import { pageTest } from './support/page-test.ts'

let browser: Browser

beforeAll(async () => { browser = await openBrowser() }, 30_000)
afterAll(async () => { await browser.close() })

const withPage = pageTest(() => browser)
const past = { pastRuns: ['memory-limit.unlimited.v1', 'memory-limit.v1'] }

for (const colorScheme of ['light', 'dark'] as const) {
  withPage(`the live view is named, in order and readable in ${colorScheme} colours`, { replay: { isScripted: true }, view: { colorScheme } }, async page => {
    await page.getByRole('button', { name: /^memory 512 MiB/ }).click()
    await page.getByRole('log', { name: /^Kills/ }).getByText('oom_kill +1').first().waitFor({ timeout: 20_000 })
    expect(await audit(page)).toEqual([])
  })

  withPage(`experiments are named, in order and readable in ${colorScheme} colours`, { hash: '#experiments', replay: past, view: { colorScheme } }, async (page, url) => {
    await page.getByRole('heading', { name: 'Memory' }).waitFor()
    expect(await audit(page)).toEqual([])
    await page.goto(`${url}#experiment/memory-limit`)
    await page.getByRole('radio').first().check()
    expect(await audit(page)).toEqual([])
    for (const outcome of ['does not hold', 'holds']) {
      await page.locator('.earlier').getByRole('row').filter({ hasText: new RegExp(`\\d${outcome}`) }).getByRole('link').click()
      await page.getByRole('region', { name: 'Verdict' }).locator('.run-status').getByText(outcome).waitFor()
      expect(await audit(page)).toEqual([])
    }
  })

  withPage(`loads are named, in order and readable in ${colorScheme} colours`, { hash: '#load', view: { colorScheme } }, async page => {
    await page.getByLabel('Requests a second').fill('40, 120')
    await page.getByLabel('Seconds').fill('2')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Cancel' }).waitFor()
    expect(await audit(page)).toEqual([])
    await page.getByRole('button', { name: 'Start' }).waitFor({ timeout: 20_000 })
    await page.getByRole('checkbox', { name: /^Compare/ }).check()
    expect(await audit(page)).toEqual([])
  })

  withPage(`sweeps are named, in order and readable in ${colorScheme} colours`, { hash: '#sweep', replay: { speed: 10 }, view: { colorScheme } }, async page => {
    expect(await audit(page)).toEqual([])
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await page.locator('.evidence summary').nth(2).click({ timeout: 20_000 })
    expect(await audit(page)).toEqual([])
    await page.getByRole('heading', { name: 'What to set' }).waitFor({ timeout: 30_000 })
    expect(await audit(page)).toEqual([])
  })
}

withPage('a chart has its name before its first frame', {}, async page => {
  await page.addInitScript('window.requestAnimationFrame = run => setTimeout(run, 2000)')
  await page.reload()
  await page.getByRole('img', { name: 'Tasks (pids)', exact: true }).waitFor()
  expect(await audit(page)).toEqual([])
})

withPage('the tab key leads to the views, then through the view that is shown, in reading order', { hash: '#experiment/memory-limit' }, async page => {
  await page.getByRole('radio').first().waitFor()
  const reached: string[] = []
  for (let i = 0; i < 10; i++) {
    await page.keyboard.press('Tab')
    reached.push(await focused(page))
  }
  expect(reached.slice(0, 9)).toEqual(
    ['Skip to the content', 'Live', 'Experiments', 'Load', 'Sweep', 'Learn', 'All experiments', 'radio', 'Run without a prediction'])
})

withPage('the skip link leads to the heading of the view that is shown', { hash: '#load' }, async page => {
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  expect(await focused(page)).toBe('Load')
  expect(await page.evaluate('location.hash')).toBe('#load')
})

function focused (page: Page): Promise<string> {
  return page.evaluate('document.activeElement.type || document.activeElement.textContent').then(text => text === 'button' ? page.evaluate('document.activeElement.textContent') : text as string)
}
