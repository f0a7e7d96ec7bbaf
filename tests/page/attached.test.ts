// The page of a lab that watches another project: what is there, and why the rest is not.
import { afterAll, beforeAll, expect } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { audit } from './support/audit.ts'
import { openBrowser } from './support/browser.ts'
import { narrow, pageTest, widthOf } from './support/page-test.ts'

let browser: Browser

beforeAll(async () => { browser = await openBrowser() }, 30_000)
afterAll(async () => { await browser.close() })

const withPage = pageTest(() => browser)
const replay = { isAttached: true }

withPage('beside another project every container has its card, though no service was named', { replay }, async page => {
  await page.getByText('attached to limits-lab').waitFor()
  expect(await page.locator('.card .name').allInnerTexts()).toEqual([
    'api-1', 'lab-1', 'postgres-1', 'redis-1', 'worker-1', 'worker-2'
  ])
})

withPage('beside another project jobs and beliefs say why they are absent', { replay, view: narrow }, async page => {
  await page.getByText('Jobs are the work of the API and the worker of limits-lab').waitFor()
  await page.getByText('Only the API and the worker of limits-lab can be asked this').waitFor()
  expect(await page.getByRole('button', { name: /^cpu 2 s/ }).isVisible()).toBe(false)
  expect(await widthOf(page)).toBeLessThanOrEqual(360)
  expect(await audit(page)).toEqual([])
})

withPage('beside another project experiments say why none can run', { replay, hash: '#experiments' }, async page => {
  await page.getByText('Beside another project no experiment can run').waitFor()
})

withPage('beside another project a load is for one of its services', { replay, hash: '#load' }, async page => {
  const service = page.getByRole('combobox', { name: 'Service' })
  expect(await service.locator('option').allInnerTexts()).toEqual(['api', 'lab', 'postgres', 'redis', 'worker'])
  expect(await page.getByRole('button', { name: /^above/ }).isVisible()).toBe(false)
  await service.selectOption('worker')
  await page.getByRole('textbox', { name: 'Port' }).fill('many')
  await page.getByRole('button', { name: 'Start' }).click()
  await page.getByText('a port, such as 80 or 8000').waitFor()
  await page.getByRole('textbox', { name: 'Port' }).fill('8000')
  const [asked] = await Promise.all([
    page.waitForRequest(request => request.method() === 'POST'),
    page.getByRole('button', { name: 'Start' }).click()
  ])
  expect(asked.postDataJSON()).toMatchObject({ service: 'worker', port: 8000, path: '/' })
  expect(await audit(page)).toEqual([])
})
