import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

/** Debian's chromium, with everything switched off that connects to the outside by itself. */
export function openBrowser (): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync'
    ]
  })
}

export interface Looked { page: Page, complaints: string[] }

/** The page once it shows a view. `complaints` are the console's errors and warnings, which include a violated CSP. */
export async function look (browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Looked> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })).newPage()
  const complaints: string[] = []
  page.on('console', message => { if (['error', 'warning'].includes(message.type())) complaints.push(`${message.text()} (${message.location().url})`) })
  page.on('pageerror', error => { complaints.push(error.message) })
  await page.addInitScript(watchShifts)
  await page.goto(url)
  await page.locator('#live-panels, #view-experiments, #view-experiment, #view-load, #view-sweep, #view-learn').filter({ visible: true }).first().waitFor({ state: 'visible', timeout: 20_000 })
  return { page, complaints }
}

/** The card of a service, or of one copy of it. */
export function card (page: Page, name: string) {
  return page.locator('.card').filter({ has: page.getByRole('button', { name, exact: true }) })
}

/** How much the layout of the page has shifted so far, as browsers count it. */
export function shifted (page: Page): Promise<number> {
  return page.evaluate('globalThis.shifted')
}

const watchShifts = `
  globalThis.shifted = 0
  new PerformanceObserver(list => { for (const entry of list.getEntries()) globalThis.shifted += entry.value })
    .observe({ type: 'layout-shift', buffered: true })
`
