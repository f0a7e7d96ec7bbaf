/** Draws what a plot of trials has besides its axes. Shapes say how a trial ended; colours only repeat it. */
import type Plot from 'uplot'
import type { Colours } from '#lab/web/charts/draw.ts'
import type { TrialOutcome } from '#lab/wire/sweep.ts'
import type { Marks, TrialPoint } from './trial-points.ts'

const RADIUS = 4.5

export const outcomeColours: Record<TrialOutcome, string> = {
  passed: '--series-1', failed: '--series-5', not_measured: '--series-4'
}

/** The band in which the goal begins to be met, and its name above it. */
export function drawKnee (plot: Plot, { knee }: Marks, colour: Colours): void {
  if (knee === null) return
  const { ctx, bbox } = plot
  const ratio = devicePixelRatio
  const to = xOf(plot, knee.passed)
  const from = knee.failed === null ? to : xOf(plot, knee.failed)
  const width = Math.max(2 * ratio, to - from)
  ctx.save()
  ctx.fillStyle = colour('--strong-line')
  ctx.globalAlpha = 0.25
  ctx.fillRect(from, bbox.top, width, bbox.height)
  ctx.globalAlpha = 1
  write(plot, 'knee', from + width / 2, bbox.top - 5 * ratio, colour('--ink'), 'center', null)
  ctx.restore()
}

/** The trial that is running: where its point will be. */
export function drawCurrent (plot: Plot, { current }: Marks, colour: Colours): void {
  if (current === null) return
  const x = xOf(plot, current.limit)
  drawVertical(plot, x, colour('--strong-line'), 1, [2, 3])
  write(plot, `trial ${current.number}`, x, plot.bbox.top - 5 * devicePixelRatio, colour('--soft'), 'center', null)
}

/** The accent colour belongs to limits, and this is one. */
export function drawRecommended (
  plot: Plot, { recommended }: Marks, format: (limit: number) => string, colour: Colours
): void {
  if (recommended === null) return
  const { ctx, bbox } = plot
  const ratio = devicePixelRatio
  const x = xOf(plot, recommended)
  const label = `recommended ${format(recommended)}`
  drawVertical(plot, x, colour('--limit'), 1.75, [])
  ctx.save()
  ctx.font = `600 ${11 * ratio}px system-ui, sans-serif`
  const isRoomOnTheRight = x + ctx.measureText(label).width + 6 * ratio < bbox.left + bbox.width
  const [at, align] = isRoomOnTheRight ? [x + 5 * ratio, 'left' as const] : [x - 5 * ratio, 'right' as const]
  write(plot, label, at, bbox.top + 12 * ratio, colour('--limit'), align, colour('--panel'))
  ctx.restore()
}

/** What a trial has to keep. It is no limit, and so has no accent. */
export function drawGoal (plot: Plot, goal: number | null, label: string, colour: Colours): void {
  if (goal === null) return
  const { ctx, bbox } = plot
  const ratio = devicePixelRatio
  const y = Math.round(plot.valToPos(goal, 'y', true))
  line(plot, [[bbox.left, y], [bbox.left + bbox.width, y]], colour('--soft'), 1, [5, 3])
  ctx.save()
  write(plot, label, bbox.left + bbox.width - 4 * ratio, y - 4 * ratio, colour('--soft'), 'right', colour('--panel'))
  ctx.restore()
}

/** Through all that was measured. Two trials of one limit are one above the other, and show how far they differ. */
export function drawCurve (plot: Plot, points: TrialPoint[], stroke: string): void {
  const measured = points.filter(({ outcome, value }) => outcome !== 'not_measured' && value !== null)
  line(plot, measured.map(point => positionOf(plot, point)), stroke, 1.25, [])
}

export function drawPoints (plot: Plot, points: TrialPoint[], colour: Colours): void {
  const { ctx } = plot
  ctx.save()
  ctx.lineWidth = 2 * devicePixelRatio
  for (const point of points.filter(({ value }) => value !== null)) {
    const [x, y] = positionOf(plot, point)
    ctx.fillStyle = ctx.strokeStyle = colour(outcomeColours[point.outcome])
    shapes[point.outcome](ctx, x, y, RADIUS * devicePixelRatio)
  }
  ctx.restore()
}

type Draw = (ctx: CanvasRenderingContext2D, x: number, y: number, radius: number) => void

/** As the shapes of the same names at the top of index.html. */
const shapes: Record<TrialOutcome, Draw> = {
  passed (ctx, x, y, radius) {
    ctx.beginPath()
    ctx.arc(x, y, radius, 0, 2 * Math.PI)
    ctx.fill()
  },
  failed (ctx, x, y, radius) {
    ctx.beginPath()
    for (const direction of [1, -1]) {
      ctx.moveTo(x - radius, y - radius * direction)
      ctx.lineTo(x + radius, y + radius * direction)
    }
    ctx.stroke()
  },
  not_measured (ctx, x, y, radius) {
    ctx.beginPath()
    ctx.moveTo(x, y - radius)
    for (const [dx, dy] of [[1, 0], [0, 1], [-1, 0]] as const) ctx.lineTo(x + radius * dx, y + radius * dy)
    ctx.closePath()
    ctx.stroke()
  }
}

function xOf (plot: Plot, limit: number): number {
  return Math.round(plot.valToPos(limit, 'x', true))
}

function positionOf (plot: Plot, { limit, value }: TrialPoint): [x: number, y: number] {
  const { top, height } = plot.bbox
  // On a logarithmic axis zero would be infinitely far below.
  const y = Math.min(plot.valToPos(value!, 'y', true), top + height)
  return [xOf(plot, limit), Number.isFinite(y) ? y : top + height]
}

function drawVertical (plot: Plot, x: number, stroke: string, width: number, dash: number[]): void {
  const { top, height } = plot.bbox
  line(plot, [[x, top], [x, top + height]], stroke, width, dash)
}

function line ({ ctx }: Plot, through: Array<[number, number]>, stroke: string, width: number, dash: number[]): void {
  const ratio = devicePixelRatio
  ctx.save()
  ctx.strokeStyle = stroke
  ctx.lineWidth = width * ratio
  ctx.setLineDash(dash.map(length => length * ratio))
  ctx.beginPath()
  for (const [x, y] of through) ctx.lineTo(x, y)
  ctx.stroke()
  ctx.restore()
}

/** `veil`: a colour that keeps the text readable over lines. */
function write (
  { ctx }: Plot, text: string, x: number, y: number, fill: string, align: 'left' | 'center' | 'right', veil: string | null
): void {
  const ratio = devicePixelRatio
  ctx.save()
  ctx.font = `600 ${11 * ratio}px system-ui, sans-serif`
  ctx.textAlign = align
  if (veil !== null) {
    const width = ctx.measureText(text).width
    ctx.fillStyle = veil
    ctx.globalAlpha = 0.85
    ctx.fillRect(align === 'left' ? x : x - width, y - 10 * ratio, width, 13 * ratio)
    ctx.globalAlpha = 1
  }
  ctx.fillStyle = fill
  ctx.fillText(text, x, y)
  ctx.restore()
}
