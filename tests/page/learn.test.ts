import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { until } from '#support/until.ts'
import { audit } from './support/audit.ts'
import { openBrowser, shifted } from './support/browser.ts'
import { narrow, pageTest, widthOf, type Circumstances } from './support/page-test.ts'

const MEMORY = '#learn/06-too-much-memory'
const sample = { assets: 'dist/web-sample' }
let browser: Browser

beforeAll(async () => { browser = await openBrowser() }, 30_000)
afterAll(async () => { await browser.close() })

const withAnyPage = pageTest(() => browser)
/** The page with the chapters of `tests/fixtures/tutorial-page`. */
function withPage (name: string, { replay, ...others }: Circumstances, run: Parameters<typeof withAnyPage>[2]): void {
  withAnyPage(name, { replay: { ...sample, ...replay }, ...others }, run)
}

const chapter = (page: Page) => page.locator('.chapter')
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const row = (page: Page, title: string) => page.locator('.contents li').filter({ hasText: title })
const experiment = (page: Page, name: string) => page.locator(`.experiment[data-experiment=${name}]`)
const verdictOf = (page: Page) => page.locator('.experiment').getByRole('region', { name: 'Verdict' })
const focused = (page: Page) => page.evaluate('document.activeElement.textContent')
const topOf = async (page: Page, name: string) => (await heading(page, name).boundingBox())!.y

withPage('the contents list every chapter with its time and how far one has come', {}, async page => {
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Learn' }).click()
  await until(() => page.evaluate<boolean>('document.activeElement.tagName === "H2"'), { what: 'the focus on H2' })
  expect(await page.title()).toBe('Learn · limits-lab')
  const rows = await page.locator('.contents li').allInnerTexts()
  expect(rows.map(text => text.replaceAll(/\s+/g, ' '))).toEqual([
    '5 A limit is a file 10 minutes not begun',
    '6 Too much memory: one process is killed 12 minutes not begun',
    '7 Too much CPU: slower, never killed 15 minutes not begun'
  ])
  await row(page, 'Too much memory').getByRole('link').click()
  await heading(page, '6. Too much memory: one process is killed').waitFor()
  await page.goBack()
  await row(page, 'Too much memory').getByText('begun', { exact: true }).waitFor()
})

withPage('the contents show what people say about containers, and each saying leads to its chapter', { hash: '#learn' }, async page => {
  const saying = page.locator('.sayings tr').filter({ hasText: 'A container at its limit is killed.' })
  await heading(page, 'What people say about containers').waitFor()
  expect(await saying.innerText()).toMatch(/half true\s+6, memory-limit/)
  await saying.getByRole('link', { name: '6' }).click()
  await heading(page, '6. Too much memory: one process is killed').waitFor()
})

withPage('a chapter is followed from its start to the next: predicted, run and judged in the text', { hash: MEMORY }, async page => {
  await heading(page, '6. Too much memory: one process is killed').waitFor()
  expect(await page.title()).toBe('6. Too much memory: one process is killed · limits-lab')
  expect(await page.locator('.experiment details').getAttribute('open')).toBeNull()
  await page.getByRole('radio', { name: /The kernel kills/ }).check()
  await button(page, 'Run').click()
  await page.getByRole('log', { name: 'What the run does' }).getByText('posting a memory job of 512 MiB').waitFor()
  await button(page, 'To the verdict').waitFor({ timeout: 20_000 })
  expect(await verdictOf(page).innerText()).toMatch(/^Verdict\s+holds\s[^]*You predicted what happened[^]*memory went up to the limit/)
  expect(await page.evaluate('location.hash')).toBe(MEMORY)
  await page.getByLabel('This chapter is done').scrollIntoViewIfNeeded()
  await until(() => page.getByLabel('This chapter is done').isChecked(), { what: 'the chapter to be done' })
  await page.getByRole('link', { name: 'Next 7. Too much CPU' }).click()
  await heading(page, '7. Too much CPU: slower, never killed').waitFor()
  expect(await focused(page)).toBe('7. Too much CPU: slower, never killed')
  await page.getByRole('link', { name: 'All chapters' }).click()
  await row(page, 'Too much memory').getByText('done', { exact: true }).waitFor()
})

withPage('a run is the same under Experiments and in the text, and one that was started elsewhere is shown where the chapter runs it', { hash: '#experiment/memory-limit' }, async (page, url) => {
  await button(page, 'Run without a prediction').click()
  await page.goto(url + MEMORY)
  await experiment(page, 'memory-limit').getByRole('button', { name: 'Cancel' }).waitFor()
  await experiment(page, 'memory-limit').getByRole('button', { name: 'To the verdict' }).waitFor({ timeout: 20_000 })
  await button(page, 'Predict and run again').click()
  expect(await experiment(page, 'memory-limit').getByRole('radio').first().isEnabled()).toBe(true)
  expect(await page.evaluate('document.activeElement.type')).toBe('radio')
})

withPage('a reload keeps the place, and the verdict in the text', { hash: MEMORY }, async page => {
  await button(page, 'Run without a prediction').click()
  await button(page, 'To the verdict').waitFor({ timeout: 20_000 })
  const place = 'What the kernel counted'
  await page.evaluate(`scrollTo(0, ${await topOf(page, place) - 40} + scrollY)`)
  const before = await topOf(page, place)
  expect(before).toBeCloseTo(40, -1)
  await page.reload()
  await heading(page, place).waitFor()
  const isBack = async () => Math.abs(await topOf(page, place) - before) < 3
  await until(isBack, { what: 'the place to be found again' })
  await verdictOf(page).getByText('holds', { exact: true }).first().waitFor()
  await page.getByRole('link', { name: 'Learn' }).click()
  await page.getByRole('link', { name: `6. Too much memory: one process is killed, ${place}` }).waitFor()
})

withPage('the address of a heading leads to it, and links between chapters do, and nothing comes from elsewhere', { hash: '#learn/05-cgroups' }, async (page, url) => {
  const elsewhere: string[] = []
  page.on('request', request => { if (!request.url().startsWith(url)) elsewhere.push(request.url()) })
  await page.getByRole('link', { name: 'a kill', exact: true }).click()
  await until(() => page.evaluate<boolean>('document.activeElement.textContent === "Try it"'), { what: 'the focus on Try it' })
  expect(await topOf(page, 'Try it')).toBeLessThan(40)
  await page.getByRole('navigation', { name: 'In this chapter' }).getByRole('link', { name: 'Sources' }).click()
  await until(() => page.evaluate<boolean>('document.activeElement.textContent === "Sources"'), { what: 'the focus on Sources' })
  await page.goto(`${url}#learn/no-such-chapter`)
  await heading(page, 'Learn').waitFor()
  expect(elsewhere).toEqual([])
})

withPage('the commands of a step are copied as they are, and a screen reader is told', { hash: MEMORY }, async page => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await button(page, 'Copy').first().click()
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe('docker compose exec lab lab ps')
  await page.getByRole('status').getByText('Copied: docker compose exec lab lab ps').waitFor()
  await button(page, 'Copy').nth(1).waitFor()
})

withPage('what holds on the host’s version of cgroup is open, and the other version folded', { hash: MEMORY, replay: { version: 'v1' } }, async page => {
  await page.getByText('On cgroup v1, as on this machine').waitFor()
  expect(await page.getByText('oom_kill_disable 0').isVisible()).toBe(true)
  expect(await page.getByText('grep oom_kill /sys/fs/cgroup/memory.events').isVisible()).toBe(false)
  await page.getByText('On cgroup v2', { exact: true }).click()
  await page.getByText('grep oom_kill /sys/fs/cgroup/memory.events').waitFor()
})

withPage('a step that sends a load opens the form of Load, filled in', { hash: '#learn/07-too-much-cpu' }, async page => {
  await page.getByText('In another terminal').waitFor()
  await page.getByRole('link', { name: 'Open in Load' }).click()
  await heading(page, 'Load').waitFor()
  expect(await page.getByRole('textbox', { name: 'Path' }).inputValue()).toBe('/work/cpu?ms=5')
  expect(await page.getByLabel('Requests a second').inputValue()).toBe('40,80,120')
  expect(await page.getByLabel('Seconds').inputValue()).toBe('30')
  await page.getByLabel('Seconds').fill('2')
  await button(page, 'Start').click()
  await button(page, 'Start').waitFor({ timeout: 20_000 })
  expect(await page.getByLabel('Seconds').inputValue()).toBe('2')
})

withPage('nothing moves while the card and the chart beside the text go on', { hash: MEMORY, replay: { isScripted: true } }, async page => {
  await page.locator('.live .card').getByText(/MiB of 256/).waitFor()
  await page.locator('.live .legend').first().waitFor()
  await page.locator('.live').first().scrollIntoViewIfNeeded()
  const before = await shifted(page)
  const seen = new Set<string>()
  await until(async () => {
    seen.add(await page.locator('.live .card').innerText())
    return seen.size > 4
  }, { what: 'the card to change a few times' })
  expect(await shifted(page) - before).toBe(0)
})

withPage('nothing moves while an experiment runs in the text and is judged', { hash: MEMORY }, async page => {
  await button(page, 'Run without a prediction').scrollIntoViewIfNeeded()
  const before = await shifted(page)
  await button(page, 'Run without a prediction').click()
  await button(page, 'To the verdict').waitFor({ timeout: 20_000 })
  await page.getByRole('region', { name: 'Verdict' }).waitFor()
  expect(await shifted(page) - before).toBeLessThan(0.01)
})

for (const colorScheme of ['light', 'dark'] as const) {
  withPage(`the chapters are named, in order and readable in ${colorScheme} colours`, { hash: '#learn', view: { colorScheme }, replay: { isScripted: true } }, async (page, url) => {
    await heading(page, 'Learn').waitFor()
    expect(await audit(page)).toEqual([])
    for (const slug of ['05-cgroups', '06-too-much-memory', '07-too-much-cpu']) {
      await page.goto(`${url}#learn/${slug}`)
      await chapter(page).getByRole('heading', { level: 2 }).waitFor()
      await unfold(page)
      expect(await audit(page)).toEqual([])
    }
  })
}

withPage('no chapter makes a phone scroll sideways, and no line of prose is longer than can be read', { hash: '#learn', view: narrow }, async (page, url) => {
  await heading(page, 'Learn').waitFor()
  expect(await widthOf(page)).toBe(360)
  for (const slug of ['05-cgroups', '06-too-much-memory', '07-too-much-cpu']) {
    await page.goto(`${url}#learn/${slug}`)
    await chapter(page).getByRole('heading', { level: 2 }).waitFor()
    expect(await widthOf(page)).toBe(360)
  }
  await page.setViewportSize({ width: 1280, height: 900 })
  expect(await longestLine(page)).toBeLessThan(85)
})

withPage('on a first visit the tour is offered in one line, and never again after “No”', {}, async page => {
  const offer = page.getByText(/^New here\?/)
  await offer.waitFor()
  await button(page, 'No').click()
  await offer.waitFor({ state: 'hidden' })
  await page.reload()
  await page.locator('#live-panels').waitFor({ state: 'visible' })
  expect(await offer.isVisible()).toBe(false)
})

withPage('“Start” opens the first chapter, and then the tour is not offered again', {}, async page => {
  await page.getByRole('link', { name: 'Start' }).click()
  await heading(page, '5. A limit is a file').waitFor()
  await page.goBack()
  await page.locator('#live-panels').waitFor({ state: 'visible' })
  expect(await page.getByText(/^New here\?/).isVisible()).toBe(false)
})

withPage('a browser that keeps nothing can read all the same', { hash: MEMORY }, async page => {
  await page.addInitScript("Object.defineProperty(globalThis, 'localStorage', { get () { throw new DOMException('blocked', 'SecurityError') } })")
  await page.reload()
  await heading(page, '6. Too much memory: one process is killed').waitFor()
  await page.getByLabel('This chapter is done').check()
  await page.getByRole('link', { name: 'All chapters' }).click()
  await row(page, 'Too much memory').getByText('done', { exact: true }).waitFor()
})

withPage('what is seen on a card, a chart and a sheet leads to the chapter that explains it', {}, async (page, url) => {
  await page.getByRole('button', { name: /^cpu 4 threads/ }).click()
  const card = page.locator('.card').filter({ has: button(page, 'worker-1') })
  await card.getByRole('link', { name: /^Why\? chapter 7/ }).waitFor()
  await page.locator('.chart').filter({ hasText: 'Memory' }).getByRole('link', { name: /^Why\? Memory: chapter 6/ }).click()
  await heading(page, '6. Too much memory: one process is killed').waitFor()
  await page.goto(`${url}#experiment/cpu-limit`)
  await page.getByRole('link', { name: /^Why\? chapter 7/ }).waitFor()
})

withPage('a printed chapter has its text, pictures and what is folded, and nothing that is live or can be pressed', { hash: MEMORY }, async page => {
  await button(page, 'Run without a prediction').waitFor()
  await page.emulateMedia({ media: 'print' })
  for (const hidden of ['#header', '.live', '.in-text', '.copy', '.end', '.sections']) {
    expect(await page.locator(hidden).first().isVisible()).toBe(false)
  }
  await page.getByText('docker compose exec lab lab run memory-limit --predict killed').waitFor()
  await page.getByText('oom_kill_disable 0').waitFor()
  expect(await page.getByRole('img', { name: /stacked parts/ }).isVisible()).toBe(true)
  expect((await page.pdf()).length).toBeGreaterThan(10_000)
})

/** In characters, over all lines of the paragraphs, as the browser has broken them. */
function longestLine (page: Page): Promise<number> {
  return page.evaluate(`Math.max(...[...document.querySelectorAll('.prose > p')].filter(p => p.textContent.length > 120).map(p => {
    const range = document.createRange()
    range.selectNodeContents(p)
    const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size
    return p.textContent.length / lines
  }))`)
}

withAnyPage('the tutorial’s sixth chapter is followed from its start to the next', { hash: MEMORY }, async page => {
  const first = page.locator('.experiment').first()
  await first.getByRole('radio', { name: /The kernel kills/ }).check()
  await first.getByRole('button', { name: 'Run', exact: true }).click()
  await first.getByRole('button', { name: 'To the verdict' }).click({ timeout: 20_000 })
  expect(await verdictOf(page).first().innerText()).toMatch(/^Verdict\s+holds\s[^]*You predicted what happened/)
  await page.getByRole('link', { name: /^Next 7\. / }).click()
  await page.getByRole('heading', { name: /^7\. /, level: 2 }).waitFor()
})

for (const slug of slugsIn('tutorial')) {
  withAnyPage(`the tutorial's ${slug} is named, in order and readable, in light and dark and on a phone`, { hash: `#learn/${slug}` }, async page => {
    await chapter(page).getByRole('heading', { level: 2 }).waitFor()
    await unfold(page)
    expect(await audit(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await audit(page)).toEqual([])
    await page.setViewportSize(narrow.viewport!)
    expect(await widthOf(page)).toBe(360)
  })
}

function unfold (page: Page): Promise<void> {
  return page.evaluate("for (const folded of document.querySelectorAll('.chapter details')) folded.open = true")
}

function slugsIn (folder: string): string[] {
  return readdirSync(folder).filter(name => /^\d\d-.*\.md$/.test(name)).map(name => name.replace('.md', ''))
}
