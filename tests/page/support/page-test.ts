import { expect, test } from '@jest/globals'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { startReplay, type Replay, type ReplayOptions } from '../replay/server.ts'
import { look } from './browser.ts'

export const quiet: ReplayOptions = { port: 0, version: 'v2', isScripted: false, pastSeconds: 60 }

export interface Circumstances {
  replay?: Partial<ReplayOptions>
  view?: BrowserContextOptions
  /** The view in which the page is opened. */
  hash?: string
  /** Complaints of the console that are expected. */
  tolerates?: RegExp
}

/** Tests the page against a lab of its own, which ends with the test. The console may not complain, nor may the CSP. */
export function pageTest (browser: () => Browser) {
  return (
    name: string,
    { replay: options = {}, view = {}, hash = '', tolerates }: Circumstances,
    run: (page: Page, url: string, replay: Replay) => Promise<void>
  ): void => {
    test(
      name,
      async () => {
        const replay = await startReplay({ ...quiet, ...options })
        const { page, complaints } = await look(browser(), replay.url + hash, view)
        try {
          await run(page, replay.url, replay)
          expect(complaints.filter(complaint => !tolerates?.test(complaint))).toEqual([])
        } finally {
          await page.context().close()
          await replay.close()
        }
      },
      60_000
    )
  }
}

/**
 * Lets the page's POST through to the lab, but withholds the answer until `letGo`, which waits until the page has it.
 */
export async function withholdAnswer (page: Page, glob: string): Promise<{ letGo: () => Promise<void> }> {
  let isOver = () => {}
  const over = new Promise<void>(resolve => { isOver = resolve })
  await page.route(glob, async route => {
    if (route.request().method() !== 'POST') { await route.fallback(); return }
    const response = await route.fetch()
    await over
    await route.fulfill({ response })
  })
  const answered = page.waitForEvent('requestfinished', request => request.method() === 'POST')
  return { letGo: async () => { isOver(); await answered } }
}

export const narrow: BrowserContextOptions = { viewport: { width: 360, height: 780 } }

export function widthOf (page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth')
}
