import { closedLoop, openLoop, percentile, type Recorded, type Scene } from './loops.ts'
import { LEFT, path, rect, RIGHT, svgOf, text } from './svg.ts'

/** Twenty requests a second, each of 10 ms; the server stands still for one second of five. */
export const scene: Scene = { everyMs: 50, serviceMs: 10, stall: { fromMs: 1500, toMs: 2500 }, endMs: 5000 }

const HIGH = 110
const AXIS = LEFT + 40

export function openClosedLoop (): string {
  const [open, closed] = [openLoop(scene), closedLoop(scene)]
  return svgOf({
    name: 'open-closed-loop',
    title: 'The same stall, recorded by an open and by a closed loop',
    description: 'Computed: a server that needs 10 ms for a request and stands still for one second. ' +
      `An open loop sends ${open.length} requests, each when it is due; ${slow(open)} of them wait, the first for ` +
      `a second, each later one a little less, and nine in ten take up to ${inMs(percentile(open, 0.9))}. ` +
      `A closed loop waits for an answer before it sends the next request: it sends ${closed.length}, ` +
      `records one slow one, and nine in ten take up to ${inMs(percentile(closed, 0.9))}.`,
    height: 470,
    elements: [
      ...panel('Open loop: sent when due', open, 0),
      ...panel('Closed loop: sent after an answer', closed, 216),
      text(AXIS, 456, '0 s', { look: 'soft' }),
      text(RIGHT, 456, `${scene.endMs / 1000} s`, { anchor: 'end', look: 'soft' }),
      text((AXIS + RIGHT) / 2, 456, 'when it was sent', { anchor: 'middle', look: 'soft' })
    ]
  })
}

/** A line for each request, as high as its latency. */
function panel (title: string, recorded: Recorded[], top: number): string[] {
  const bottom = top + 76 + HIGH
  const x = (atMs: number) => AXIS + atMs / scene.endMs * (RIGHT - AXIS)
  const y = (latencyMs: number) => bottom - latencyMs / 1000 * HIGH
  const { fromMs, toMs } = scene.stall
  return [
    text(LEFT, top + 30, title, { look: 'strong' }),
    text(LEFT, top + 52, `${recorded.length} sent, ${slow(recorded)} slow, p90 ${inMs(percentile(recorded, 0.9))}`),
    rect(x(fromMs), bottom - HIGH, x(toMs) - x(fromMs), HIGH, 'fill-limit-tint'),
    path([[AXIS, bottom], [RIGHT, bottom]], 'stroke stroke-ink'),
    text(AXIS - 6, y(1000) + 10, '1 s', { anchor: 'end', look: 'soft' }),
    text(AXIS - 6, bottom + 5, '0', { anchor: 'end', look: 'soft' }),
    text((x(fromMs) + x(toMs)) / 2, bottom + 20, 'stands still', { anchor: 'middle', look: 'limit' }),
    ...recorded.map(({ sentMs, latencyMs }) => {
      const middle = x(sentMs) + 1
      return path([[middle, bottom], [middle, y(latencyMs)]], 'stroke stroke-used bold')
    })
  ]
}

/** Slower than twice what the server needs. */
function slow (recorded: Recorded[]): number {
  return recorded.filter(({ latencyMs }) => latencyMs > 2 * scene.serviceMs).length
}

function inMs (ms: number): string { return `${Math.round(ms)} ms` }
