import type Plot from 'uplot'
import type { Axis } from 'uplot'
import type { LimitLine } from './limit-lines.ts'

/** The colours of the page at this moment, by the names of CSS variables: a canvas does not know CSS. */
export type Colours = (name: string) => string

/** Each is looked up once: after every change of the page, a look makes the browser compute all styles first. */
export function pageColours (): Colours {
  const css = getComputedStyle(document.documentElement)
  const known = new Map<string, string>()
  return name => {
    const colour = known.get(name) ?? css.getPropertyValue(name).trim()
    known.set(name, colour)
    return colour
  }
}

/** Calls when the page turns light or dark: what is on a canvas has to be drawn again. */
export function onColoursChange (listener: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', listener)
}

/** An axis with its grid, in the colours of this moment. */
export function axisIn (colour: Colours): Axis {
  return {
    stroke: colour('--soft'),
    font: '11px system-ui, sans-serif',
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false }
  }
}

export function sizeOf (host: HTMLElement): { width: number, height: number } {
  return { width: host.clientWidth, height: host.clientHeight }
}

/**
 * The accent colour belongs to these lines alone. A label goes below its line where there is no room above, or where
 * another label is.
 */
export function drawLimits (plot: Plot, lines: LimitLine[], colour: Colours): void {
  const { ctx, bbox } = plot
  const ratio = devicePixelRatio
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top - 2 * ratio, bbox.width, bbox.height + 4 * ratio)
  ctx.clip()
  ctx.font = `600 ${11 * ratio}px system-ui, sans-serif`
  ctx.textAlign = 'right'
  ctx.setLineDash([])
  for (const line of lines) {
    const y = Math.round(plot.valToPos(line.value, 'y', true))
    drawLimitLine(plot, line, y, colour)
    if (line.label === '') continue
    drawLimitLabel(plot, line.label, hasRoomAbove(plot, line, y, lines) ? y - 5 * ratio : y + 13 * ratio, colour)
  }
  ctx.restore()
}

function hasRoomAbove (plot: Plot, { value }: LimitLine, y: number, lines: LimitLine[]): boolean {
  const ratio = devicePixelRatio
  if (y - plot.bbox.top < 14 * ratio) return false
  return !lines.some(other => other.value > value && y - plot.valToPos(other.value, 'y', true) < 18 * ratio)
}

function drawLimitLine (plot: Plot, { from, to }: LimitLine, y: number, colour: Colours): void {
  const { ctx, bbox } = plot
  const xOf = (at: number | undefined, edge: number): number => at === undefined ? edge : plot.valToPos(at, 'x', true)
  ctx.strokeStyle = colour('--limit')
  ctx.lineWidth = 1.75 * devicePixelRatio
  ctx.beginPath()
  ctx.moveTo(xOf(from, bbox.left), y)
  ctx.lineTo(xOf(to, bbox.left + bbox.width), y)
  ctx.stroke()
}

/** A veil in the colour of the panel keeps the label readable over the lines. */
function drawLimitLabel ({ ctx, bbox }: Plot, label: string, y: number, colour: Colours): void {
  const ratio = devicePixelRatio
  const right = bbox.left + bbox.width
  const width = ctx.measureText(label).width
  ctx.fillStyle = colour('--panel')
  ctx.globalAlpha = 0.85
  ctx.fillRect(right - width - 8 * ratio, y - 10 * ratio, width + 8 * ratio, 13 * ratio)
  ctx.globalAlpha = 1
  ctx.fillStyle = colour('--limit')
  ctx.fillText(label, right - 4 * ratio, y)
}

export function drawNoLimit ({ ctx, bbox }: Plot, colour: Colours): void {
  ctx.save()
  ctx.font = `600 ${11 * devicePixelRatio}px system-ui, sans-serif`
  ctx.textAlign = 'right'
  ctx.fillStyle = colour('--limit')
  ctx.fillText('no limit', bbox.left + bbox.width - 4 * devicePixelRatio, bbox.top + 11 * devicePixelRatio)
  ctx.restore()
}

export interface Mark { atSeconds: number, label: string }

/** Shows when something began: a phase, or another rate. Its colour is none of the lines’. */
export function drawMarks (plot: Plot, marks: Mark[], colour: Colours): void {
  const { ctx, bbox } = plot
  const ratio = devicePixelRatio
  ctx.save()
  ctx.font = `${11 * ratio}px system-ui, sans-serif`
  ctx.strokeStyle = colour('--strong-line')
  ctx.fillStyle = colour('--soft')
  ctx.textAlign = 'left'
  ctx.setLineDash([2 * ratio, 3 * ratio])
  for (const [i, { atSeconds, label }] of marks.entries()) {
    const x = Math.round(plot.valToPos(atSeconds, 'x', true))
    const next = marks[i + 1]
    const room = (next ? plot.valToPos(next.atSeconds, 'x', true) : bbox.left + bbox.width) - x
    ctx.beginPath()
    ctx.moveTo(x, bbox.top - 12 * ratio)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    if (ctx.measureText(label).width + 8 * ratio <= room) ctx.fillText(label, x + 4 * ratio, bbox.top - 3 * ratio)
  }
  ctx.restore()
}
