import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { IMAGES, pictures } from '#scripts/pictures/all.ts'

test('every picture of the tutorial is made by a script', () => {
  expect(readdirSync(IMAGES).sort()).toEqual(Object.keys(pictures).map(name => `${name}.svg`).sort())
})

test.each(Object.entries(pictures))('%s, made again, is the committed file byte for byte (npm run pictures)', (name, draw) => {
  expect(draw()).toBe(readFileSync(`${IMAGES}/${name}.svg`, 'utf8'))
})

test.each(Object.entries(pictures))('%s has a title, a description, and colours for light and dark', (_name, draw) => {
  const svg = draw()
  expect(svg).toMatch(/<title id="title">[^<]+<\/title>\s*<desc id="desc">[^<]{80,}<\/desc>/)
  expect(svg).toContain('@media (prefers-color-scheme: dark)')
})
