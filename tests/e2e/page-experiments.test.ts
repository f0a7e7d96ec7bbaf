import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import type { Run } from '#lab/wire/experiments.ts'
import { until } from '#support/until.ts'
import { look, openBrowser } from '../page/support/browser.ts'
import { lab, labUrl } from './support/lab.ts'
import { untilHealthy } from './support/stack.ts'

const RUN_MS = 200_000
let browser: Browser
let page: Page | undefined
let complaints: string[] = []

beforeAll(async () => {
  await untilHealthy()
  browser = await openBrowser()
}, 150_000)
afterEach(async () => { await page?.context().close() })
afterAll(async () => { await browser?.close() })

test('beyond the memory limit: predicted in the browser, survives a reload, and holds as the lab has it on record', async () => {
  const page = await open('memory-limit')
  await predict(page, /The kernel kills the job's process/)
  await run(page)
  await page.reload()
  const recorded = await untilJudged(page)

  expect(recorded).toMatchObject({
    experiment: 'memory-limit',
    state: 'finished',
    prediction: 'killed',
    answer: 'killed',
    verdict: { outcome: 'holds' }
  })
  expect(await verdictOf(page)).toEqual(shownOf(recorded))
  expect(await page.getByRole('region', { name: 'Verdict' }).innerText()).toContain('You predicted what happened')
  expect(await page.locator('.timeline', { hasText: 'OOM kills' }).locator('.value').innerText()).toBe('1')
  expect(complaints).toEqual([])
},
RUN_MS
)

test('beyond the CPU limit: a wrong prediction stands beside what happened, with the kernel\'s numbers', async () => {
  const page = await open('cpu-limit')
  await predict(page, /The kernel kills/)
  await run(page)
  await page.locator('.phases [aria-current=step]').getByText('action').waitFor()
  const recorded = await untilJudged(page)

  // If the host has less than half a CPU to give, the limit is not reached, and the verdict is "not measured".
  expect(['holds', 'not_measured']).toContain(recorded.verdict?.outcome)
  expect(await verdictOf(page)).toEqual(shownOf(recorded))
  const compared = await page.locator('.compared dd').allInnerTexts()
  expect(compared[0]).toMatch(/^The kernel kills/)
  expect(compared[1]).toMatch(/half a CPU/)
  expect(complaints).toEqual([])
}, RUN_MS)

async function open (experiment: string): Promise<Page> {
  const looked = await look(browser, `${labUrl()}/#experiment/${experiment}`)
  complaints = looked.complaints
  page = looked.page
  return looked.page
}

async function predict (page: Page, choice: RegExp): Promise<void> {
  await page.getByRole('radio', { name: choice }).check()
}

/** Tries again after a refusal, as a reader of it would: a stack that has just started is not at rest for a moment. */
async function run (page: Page): Promise<void> {
  const cancel = page.getByRole('button', { name: 'Cancel', exact: true })
  const refusal = page.locator('.actions .refusal:not(:empty)')
  await until(async () => {
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await cancel.or(refusal).first().waitFor()
    return cancel.isVisible()
  }, { what: 'the run to be accepted', timeoutMs: 60_000 })
  complaints.splice(0, complaints.length, ...complaints.filter(complaint => !/status of 409/.test(complaint)))
}

async function untilJudged (page: Page): Promise<Run> {
  await page.getByRole('button', { name: 'To the verdict' }).waitFor({ timeout: 120_000 })
  const id = new URL(page.url()).hash.split('/').at(-1)
  return await (await lab(`/api/runs/${id}`)).json() as Run
}

interface Shown { status: string, summary: string, checks: string[][] }

async function verdictOf (page: Page): Promise<Shown> {
  const verdict = page.getByRole('region', { name: 'Verdict' })
  const rows = await verdict.locator('.checks tbody tr').all()
  return {
    status: await verdict.locator('.run-status').innerText(),
    summary: await verdict.locator('.summary').innerText(),
    checks: await Promise.all(rows.map(row => row.locator('th, td').allInnerTexts()))
  }
}

const words = {
  holds: 'holds',
  does_not_hold: 'does not hold',
  not_measured: 'not measured',
  not_here: 'not measured here'
}

function shownOf ({ verdict }: Run): Shown {
  const { outcome, summary, checks } = verdict!
  const wordOf = (holds: boolean | null) => words[holds === null ? 'not_measured' : holds ? 'holds' : 'does_not_hold']
  // The page shows code as code, without backticks.
  const shown = (text: string) => text.replaceAll('`', '')
  const rows = checks.map(({ claim, saw, source, holds }) => [shown(claim), shown(saw), source, wordOf(holds)])
  return { status: words[outcome], summary: shown(summary), checks: rows }
}
