import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { IMAGES, pictures } from '#scripts/pictures/all.ts'
import { openBrowser } from './support/browser.ts'

let browser: Browser

beforeAll(async () => { browser = await openBrowser() }, 30_000)
afterAll(async () => { await browser.close() })

test.each(Object.keys(pictures))('in the picture %s no text is cut, and none lies on another', async name => {
  const page = await browser.newPage({ viewport: { width: 480, height: 640 } })
  await page.setContent(`<body style="margin: 0">${readFileSync(`${IMAGES}/${name}.svg`, 'utf8')}`)
  expect(await page.evaluate(`(${faultsOfTexts})()`)).toEqual([])
  await page.close()
}, 20_000)

/** This runs in the page. A line is a little lower than its box. */
const faultsOfTexts = `function faultsOfTexts () {
  const { width, height } = document.querySelector('svg').viewBox.baseVal
  const texts = [...document.querySelectorAll('text')].map(text => ({ words: text.textContent, box: text.getBBox() }))
  const cut = texts.filter(({ box }) => box.x < 4 || box.y < 2 || box.x + box.width > width - 4 || box.y + box.height > height - 2)
  const meet = ({ box: a }, { box: b }) => a.x < b.x + b.width + 4 && b.x < a.x + a.width + 4 &&
    a.y + 3 < b.y + b.height - 3 && b.y + 3 < a.y + a.height - 3
  const pairs = texts.flatMap((text, i) => texts.slice(i + 1).filter(other => meet(text, other)).map(other => [text, other]))
  return [...cut.map(({ words }) => 'cut: ' + words), ...pairs.map(([a, b]) => a.words + ' lies on ' + b.words)]
}`
