import { afterAll, beforeAll, expect } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { until } from '#support/until.ts'
import { openBrowser, shifted } from './support/browser.ts'
import { narrow, pageTest, widthOf, withholdAnswer } from './support/page-test.ts'

const MEMORY_LIMIT = '#experiment/memory-limit'
let browser: Browser

beforeAll(async () => { browser = await openBrowser() }, 30_000)
afterAll(async () => { await browser.close() })

const withPage = pageTest(() => browser)
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const predict = (page: Page, text: RegExp) => page.getByRole('radio', { name: text }).check()
/** The browser complains about every answer of 400 and above. */
const refused = /Failed to load resource/
const rowOf = (page: Page, title: string) => page.getByRole('listitem').filter({ hasText: `${title} ·` })
const untilJudged = (page: Page) => button(page, 'To the verdict').waitFor({ timeout: 20_000 })

withPage('experiments are listed by topic, each by its question, with the result of its latest run', { hash: '#experiments', replay: { pastRuns: ['memory-limit.unlimited.v1'] } }, async page => {
  await page.getByRole('heading', { name: 'Memory' }).waitFor()
  const row = rowOf(page, 'Beyond the memory limit')
  await row.getByText('does not hold').waitFor()
  await row.getByRole('link').click()
  await page.getByRole('heading', { name: /^The worker may use 256 MiB/, level: 2 }).waitFor()
  expect(await page.title()).toBe('Beyond the memory limit · limits-lab')
})

withPage('a prediction is made, the run is watched, and its verdict holds', { hash: MEMORY_LIMIT }, async page => {
  await predict(page, /The kernel kills/)
  await button(page, 'Run').click()
  await page.getByRole('log', { name: 'What the run does' }).getByText('posting a memory job of 512 MiB').waitFor()
  expect(await page.locator('.phases [aria-current=step]').innerText()).toBe('action')
  await untilJudged(page)
  const verdict = page.getByRole('region', { name: 'Verdict' })
  expect(await verdict.innerText()).toMatch(/^Verdict\s+holds\s[^]*You predicted what happened/)
  const row = verdict.getByRole('row').filter({ hasText: 'memory went up to the limit' })
  expect(await row.getByRole('cell').allInnerTexts()).toEqual([
    '256 MiB of 256 MiB',
    'worker: memory.max_usage_in_bytes',
    'holds'
  ])
  expect(await page.locator('.timeline', { hasText: 'OOM kills' }).locator('.value').innerText()).toBe('1')
})

withPage('back from a run leads to the list it was chosen from', { hash: '#experiments' }, async page => {
  await rowOf(page, 'Beyond the memory limit').getByRole('link').click()
  await button(page, 'Run without a prediction').click()
  await button(page, 'Cancel').waitFor()
  await page.goBack()
  await rowOf(page, 'Beyond the memory limit').getByText('running').waitFor()
  expect(await page.title()).toBe('Experiments · limits-lab')
})

withPage(
  'a claim that does not hold says so, and shows which checks fail',
  { hash: MEMORY_LIMIT, replay: { recordings: { 'memory-limit': 'memory-limit.unlimited.v1' } } },
  async page => {
    await predict(page, /gets slow/)
    await button(page, 'Run').click()
    await untilJudged(page)
    const verdict = page.getByRole('region', { name: 'Verdict' })
    await verdict.getByText('does not hold', { exact: true }).first().waitFor()
    expect(await verdict.locator('tr[data-outcome=does_not_hold] .claim').allInnerTexts()).toContain(
      'the kernel killed in the worker'
    )
    expect(await verdict.innerText()).toContain('The claim, which does not hold here')
    await page.getByRole('heading', { name: 'If you saw something else' }).waitFor()
  }
)

withPage('a reload in the middle of a run comes back to it, with the prediction', { hash: MEMORY_LIMIT }, async page => {
  await predict(page, /The kernel kills/)
  await button(page, 'Run').click()
  await button(page, 'Cancel').waitFor()
  await page.reload()
  await button(page, 'Cancel').waitFor()
  expect(await page.getByRole('radio', { name: /The kernel kills/ }).isChecked()).toBe(true)
  await untilJudged(page)
  await page.reload()
  await page.getByRole('region', { name: 'Verdict' }).getByText('You predicted what happened').waitFor()
  await page.locator('.timeline', { hasText: 'OOM kills' }).getByText('highest').waitFor()
})

withPage('a cancelled run says that everything was put back, and does not give the answer away', { hash: MEMORY_LIMIT }, async page => {
  await button(page, 'Run without a prediction').click()
  await button(page, 'Cancel').click()
  await untilJudged(page)
  const verdict = page.getByRole('region', { name: 'Verdict' })
  expect(await verdict.innerText()).toMatch(/cancelled\s+Cancelled\. What the run had changed was put back/)
  expect(await verdict.innerText()).not.toContain('The kernel kills')
  expect(await page.locator('.choice[data-happened=true]').count()).toBe(0)
})

for (const [status, detail] of [
  [409, 'The stack has to be complete and idle: redis does not answer.'],
  [403, 'Experiments are switched off here (LAB_EXPERIMENTS=off).'],
  [503, 'Postgres does not answer. Try again.']
] as const) {
  withPage(`a refusal with ${status} is shown at the button, and the prediction stays`, { hash: MEMORY_LIMIT, tolerates: refused }, async page => {
    await page.route('**/api/experiments/*/runs', route => route.fulfill({ status, contentType: 'application/problem+json', body: JSON.stringify({ title: 'no', status, detail }) }))
    await predict(page, /gets slow/)
    await button(page, 'Run').click()
    await page.locator('.actions').getByRole('alert').getByText(detail).waitFor()
    expect(await page.getByRole('radio', { name: /gets slow/ }).isChecked()).toBe(true)
    expect(await button(page, 'Run').isEnabled()).toBe(true)
  })
}

withPage('somebody who goes to another view while a run is being started stays there', { hash: MEMORY_LIMIT }, async (page, url) => {
  const { letGo } = await withholdAnswer(page, '**/api/experiments/*/runs')
  await button(page, 'Run without a prediction').click()
  await page.getByRole('navigation').getByText('Beyond the memory limit').waitFor()
  await page.goto(`${url}#experiments`)
  await letGo()
  await rowOf(page, 'Beyond the memory limit').getByText('holds', { exact: true }).waitFor()
  expect(await page.title()).toBe('Experiments · limits-lab')
})

withPage(
  'while one experiment runs, the others cannot be started, and name the one that runs',
  { hash: MEMORY_LIMIT },
  async (page, url) => {
    await page.route('**/api/experiments', async route => {
      const answer = (await (await route.fetch()).json()) as { experiments: object[] }
      await route.fulfill({
        json: {
          ...answer,
          experiments: [...answer.experiments, { ...answer.experiments[0], id: 'another', title: 'Another' }]
        }
      })
    })
    await page.reload()
    await button(page, 'Run without a prediction').click()
    await page.getByRole('navigation').getByText('Beyond the memory limit').waitFor()
    await page.goto(`${url}#experiment/another`)
    await page.locator('.actions').getByText('is running, and there is one run at a time').waitFor()
    expect(await button(page, 'Run without a prediction').isDisabled()).toBe(true)
    await page.locator('.actions').getByRole('link', { name: 'Beyond the memory limit' }).click()
    await button(page, 'Cancel').waitFor()
  }
)

withPage('an earlier run can be looked at again, and is exported as it was recorded', { hash: MEMORY_LIMIT, replay: { pastRuns: ['memory-limit.unlimited.v1', 'memory-limit.v1'] } }, async page => {
  await page.locator('.earlier').getByRole('row').filter({ hasText: 'does not hold' }).getByRole('link').click()
  const link = page.getByRole('link', { name: 'Export this run as JSON' })
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
  expect(download.suggestedFilename()).toMatch(/^memory-limit-.*Z\.json$/)
  expect(await page.locator('.timeline').first().locator('.value').first().innerText()).toBe('575\u00a0MiB')
})

withPage('case 11: a run is watched, and takes as long as it takes, though the host’s clock is set back meanwhile', { hash: MEMORY_LIMIT }, async (page, _url, replay) => {
  await predict(page, /The kernel kills/)
  await button(page, 'Run').click()
  await page.locator('.phases [aria-current=step]').getByText('action').waitFor()
  replay.setClock(-600)
  await page.locator('.sheet .elapsed').getByText(/^[34] s of about/).waitFor()
  await untilJudged(page)
  expect(Number(/took ([\d.]+)\ss/.exec(await page.locator('.sheet .elapsed').innerText())?.[1])).toBeLessThan(60)
})

const justAfterMidnight = { locale: 'en-US', timezoneId: 'Pacific/Gambier' }
withPage('case 17: a run that began just after midnight is dated with the new day', { hash: MEMORY_LIMIT, view: justAfterMidnight, replay: { pastRuns: ['memory-limit.v1'] } }, async page => {
  expect(await page.locator('.earlier').getByRole('link').innerText()).toBe('Nov 22, 00:26')
})

withPage('an unknown run and an unknown experiment are reported as such', { hash: `${MEMORY_LIMIT}/no-such-run`, tolerates: refused }, async (page, url) => {
  await page.getByText('There is no run with this id.').waitFor()
  await page.goto(`${url}#experiment/nothing`)
  await page.getByText('There is no experiment “nothing”.').waitFor()
  await page.getByRole('link', { name: 'All experiments' }).click()
  await page.getByRole('heading', { name: 'Experiments', level: 2 }).waitFor()
})

withPage('an experiment can be run by keyboard alone, and the focus is never lost', { hash: '#experiments' }, async page => {
  await rowOf(page, 'Beyond the memory limit').getByRole('link').focus()
  await page.keyboard.press('Enter')
  await until(() => page.evaluate<boolean>('document.activeElement.tagName === "H2"'), { what: 'the focus on H2' })
  await page.getByRole('radio').first().focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  expect(await page.getByRole('radio', { name: /The kernel kills/ }).isChecked()).toBe(true)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await untilJudged(page)
  expect(await page.evaluate('document.activeElement.textContent')).toBe('To the verdict')
  await page.keyboard.press('Enter')
  expect(await page.evaluate('document.activeElement.id')).toBe('verdict-title')
})

withPage('nothing moves while an experiment runs and is judged', { hash: MEMORY_LIMIT }, async page => {
  await button(page, 'Run without a prediction').waitFor()
  const before = await shifted(page)
  await button(page, 'Run without a prediction').click()
  await untilJudged(page)
  await page.getByRole('region', { name: 'Verdict' }).waitFor()
  expect(await shifted(page) - before).toBeLessThan(0.01)
})

withPage('no list, sheet or verdict makes a phone scroll sideways', { hash: '#experiments', view: narrow, replay: { pastRuns: ['memory-limit.unlimited.v1'] } }, async (page, url) => {
  await page.getByRole('heading', { name: 'Memory' }).waitFor()
  expect(await widthOf(page)).toBe(360)
  await page.goto(url + MEMORY_LIMIT)
  await page.getByRole('radio').first().waitFor()
  expect(await widthOf(page)).toBe(360)
  await page.locator('.earlier').getByRole('link').click()
  await page.getByRole('region', { name: 'Verdict' }).waitFor()
  expect(await widthOf(page)).toBe(360)
})
