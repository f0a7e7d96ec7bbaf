import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { IMAGES, pictures } from '#scripts/pictures/all.ts'
import { colours } from '#scripts/pictures/style.ts'

test('every picture of the tutorial is made by a script', () => {
  expect(readdirSync(IMAGES).sort()).toEqual(Object.keys(pictures).map(name => `${name}.svg`).sort())
})

test.each(Object.entries(pictures))('%s, made again, is the committed file byte for byte (npm run pictures)', (name, draw) => {
  expect(draw()).toBe(readFileSync(`${IMAGES}/${name}.svg`, 'utf8'))
})

test.each(Object.entries(pictures))('%s has a title, a description, and colours for light and dark', (_name, draw) => {
  const svg = draw()
  expect(svg).toMatch(/<title id="[\w-]+">[^<]+<\/title>\s*<desc id="[\w-]+">[^<]{80,}<\/desc>/)
  expect(svg).toContain('@media (prefers-color-scheme: dark)')
})

/** A text, and what it is on. */
const readable = [
  ...(['ink', 'soft', 'limit'] as const).map(colour => [colour, 'paper'] as const),
  ...(['ink', 'soft', 'limit'] as const).map(colour => [colour, 'panel'] as const),
  ['ink', 'track'],
  ['on-used', 'used'],
  ['on-anon', 'anon'],
  ['on-shmem', 'shmem'],
  ['on-file', 'file']
] as const

test.each(readable)('%s on %s has a contrast of at least 4.5 : 1, light and dark', (colour, ground) => {
  for (const scheme of [0, 1] as const) {
    const [darker, lighter] = [colours[colour][scheme], colours[ground][scheme]].map(luminance).sort((a, b) => a - b)
    expect((lighter! + 0.05) / (darker! + 0.05)).toBeGreaterThanOrEqual(4.5)
  }
})

/** WCAG 2.2, relative luminance. */
function luminance (colour: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map(at => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}
