import type Plot from 'uplot'
import type { Axis } from 'uplot'
import type { LimitLine } from './limit-lines.ts'

/** The lines behind the lines, in the colours of this moment. */
export function axisIn (colour: (name: string) => string): Axis {
  return { stroke: colour('--soft'), font: '11px system-ui, sans-serif', grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } }
}

export function sizeOf (host: HTMLElement): { width: number, height: number } {
  return { width: host.clientWidth, height: host.clientHeight }
}

/**
 * The accent belongs to these lines alone. Words go below a line where there is no room above it, or another line's
 * words.
 */
export function drawLimits (plot: Plot, lines: LimitLine[], colour: (name: string) => string): void {
  const { ctx, bbox } = plot
  const ratio = devicePixelRatio
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top - 2 * ratio, bbox.width, bbox.height + 4 * ratio)
  ctx.clip()
  ctx.font = `600 ${11 * ratio}px system-ui, sans-serif`
  ctx.textAlign = 'right'
  ctx.setLineDash([])
  for (const { value, label } of lines) {
    const y = Math.round(plot.valToPos(value, 'y', true))
    ctx.strokeStyle = ctx.fillStyle = colour('--limit')
    ctx.lineWidth = 1.75 * ratio
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
    const isCovered = y - bbox.top < 14 * ratio || lines.some(other => other.value > value && y - plot.valToPos(other.value, 'y', true) < 18 * ratio)
    const width = ctx.measureText(label).width
    const textY = isCovered ? y + 13 * ratio : y - 5 * ratio
    ctx.fillStyle = colour('--panel')
    ctx.globalAlpha = 0.85
    ctx.fillRect(bbox.left + bbox.width - width - 8 * ratio, textY - 10 * ratio, width + 8 * ratio, 13 * ratio)
    ctx.globalAlpha = 1
    ctx.fillStyle = colour('--limit')
    ctx.fillText(label, bbox.left + bbox.width - 4 * ratio, textY)
  }
  ctx.restore()
}

export function drawNoLimit ({ ctx, bbox }: Plot, colour: (name: string) => string): void {
  ctx.save()
  ctx.font = `600 ${11 * devicePixelRatio}px system-ui, sans-serif`
  ctx.textAlign = 'right'
  ctx.fillStyle = colour('--limit')
  ctx.fillText('no limit', bbox.left + bbox.width - 4 * devicePixelRatio, bbox.top + 11 * devicePixelRatio)
  ctx.restore()
}

export interface Mark { atSeconds: number, label: string }

/** When something began: a phase, or another rate. Behind the lines, and in no colour of theirs. */
export function drawMarks (plot: Plot, marks: Mark[], colour: (name: string) => string): void {
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
