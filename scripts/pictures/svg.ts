/** The few SVG elements that the pictures are made of. */
import { styleOf } from './style.ts'

const WIDTH = 480
const MARGIN = 16
export const LEFT = MARGIN
export const RIGHT = WIDTH - MARGIN

/** Lines of text are this far apart. At 360 pixels a picture has three quarters of this size, and is still readable. */
export const LINE = 20

const hatchOf = (id: string): string[] => [
  `<pattern id="${id}" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">`,
  '  <rect class="fill-limit-tint" width="8" height="8"/><path class="stroke stroke-limit" d="M2 0V8"/>',
  '</pattern>'
]

export interface Picture {
  /** Begins its ids, so that several pictures can be in one page. */
  name: string
  /** What it shows, in a few words. */
  title: string
  /** What somebody knows who has looked at it. */
  description: string
  height: number
  elements: string[]
}

export function svgOf ({ name, title, description, height, elements }: Picture): string {
  const size = `width="${WIDTH}" height="${number(height)}"`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="0 0 ${WIDTH} ${number(height)}" ${size}`,
    `  role="img" aria-labelledby="${name}-title ${name}-desc">`,
    `<title id="${name}-title">${escaped(title)}</title>`,
    `<desc id="${name}-desc">${escaped(description)}</desc>`,
    '<style>', ...styleOf(`${name}-hatch`), '</style>',
    '<defs>', ...hatchOf(`${name}-hatch`), '</defs>',
    `<rect class="paper" ${size} rx="8"/>`,
    ...elements,
    '</svg>',
    ''
  ].join('\n')
}

export interface TextLook {
  anchor?: 'start' | 'middle' | 'end'
  look?: string
}

export function text (x: number, y: number, words: string, { anchor = 'start', look = '' }: TextLook = {}): string {
  const attributes = [anchor === 'start' ? '' : ` text-anchor="${anchor}"`, look === '' ? '' : ` class="${look}"`].join('')
  return `<text x="${number(x)}" y="${number(y)}"${attributes}>${escaped(words)}</text>`
}

/** Several lines, the first with its base line at `y`. */
export function lines (x: number, y: number, all: string[], look: TextLook = {}): string[] {
  return all.map((words, i) => text(x, y + i * LINE, words, look))
}

export function rect (x: number, y: number, width: number, height: number, look: string, radius = 0): string {
  const rx = radius === 0 ? '' : ` rx="${number(radius)}"`
  return `<rect class="${look}" x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}"${rx}/>`
}

export function path (points: Array<[x: number, y: number]>, look: string, isClosed = false): string {
  const d = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${number(x)} ${number(y)}`).join('')
  return `<path class="${look}" d="${d}${isClosed ? 'Z' : ''}"/>`
}

export function circle (x: number, y: number, radius: number, look: string): string {
  return `<circle class="${look}" cx="${number(x)}" cy="${number(y)}" r="${number(radius)}"/>`
}

/** A square that looks like what it explains, and the words for it. */
export function key (x: number, y: number, look: string, words: string): string[] {
  return [rect(x, y - 12, 14, 14, look, 2), text(x + 20, y, words)]
}

/** At most two decimals, so that the file is the same on every machine. */
function number (value: number): string {
  if (!Number.isFinite(value)) throw new Error(`a picture cannot be drawn at ${value}`)
  return String(Number(value.toFixed(2)))
}

function escaped (words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
