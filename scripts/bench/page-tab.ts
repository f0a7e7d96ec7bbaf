import { setTimeout as delay } from 'node:timers/promises'
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core'
import { SAMPLE_MARK, type TraceEvent } from './page-trace.ts'

const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline']
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync']

/** What a reader looks at: each costs something else. */
export type Place = 'cards' | 'charts' | 'charts, 15 min'

/** `heapBytes`: with the memory of typed arrays, which is not in V8's heap. */
export interface TabMemory { heapBytes: number, domNodes: number, listeners: number }

/** The page in a headless Chromium, whose graphics are drawn by the CPU. */
export class Tab {
  readonly #browser: Browser
  readonly #page: Page
  readonly #devtools: CDPSession

  private constructor (browser: Browser, page: Page, devtools: CDPSession) {
    this.#browser = browser
    this.#page = page
    this.#devtools = devtools
  }

  static async open (url: string): Promise<Tab> {
    const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
    const browser = await chromium.launch({ executablePath, args: ARGS })
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    await page.addInitScript(markSamples)
    await page.goto(url)
    await page.locator('#live-panels').waitFor({ state: 'visible', timeout: 120_000 })
    return new Tab(browser, page, await page.context().newCDPSession(page))
  }

  async lookAt (place: Place): Promise<void> {
    await this.#page.evaluate(`document.getElementById('${place === 'cards' ? 'header' : 'charts-title'}').scrollIntoView()`)
    await this.#page.evaluate(`document.querySelectorAll('[name=window]')[${place === 'charts, 15 min' ? 2 : 0}].click()`)
  }

  async trace (seconds: number): Promise<TraceEvent[]> {
    await this.#browser.startTracing(this.#page, { categories: CATEGORIES })
    await delay(seconds * 1000)
    const trace = JSON.parse(String(await this.#browser.stopTracing())) as { traceEvents: TraceEvent[] }
    return trace.traceEvents
  }

  /** After a garbage collection: what is left is kept. */
  async memory (): Promise<TabMemory> {
    await this.#devtools.send('HeapProfiler.collectGarbage')
    const { usedSize, backingStorageSize } = await this.#devtools.send('Runtime.getHeapUsage')
    const { nodes, jsEventListeners } = await this.#devtools.send('Memory.getDOMCounters')
    return { heapBytes: usedSize + backingStorageSize, domNodes: nodes, listeners: jsEventListeners }
  }

  async close (): Promise<void> { await this.#browser.close() }
}

const markSamples = `
  const Source = EventSource
  globalThis.EventSource = class extends Source {
    constructor (url) {
      super(url)
      this.addEventListener('sample', () => { console.timeStamp('${SAMPLE_MARK}') })
    }
  }
`
