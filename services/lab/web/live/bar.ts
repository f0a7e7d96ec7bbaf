import { setAttribute, svg } from '#lab/web/dom.ts'

/** How long the bar is drawn against the limit: a little is left beyond it, because a burst may pass a CPU limit. */
const LENGTH = 1.06
const UNITS = 1000

export interface BarView {
  /** Parts one after the other, in the unit of `limit`. */
  parts: number[]
  peak: number | null
  /** `null` = no limit: the bar is drawn against `scale`, and there is no line. */
  limit: number | null
  scale: number
}

/** A horizontal bar that ends at its limit. Its numbers stand beside it in words; it is hidden from screen readers. */
export function createBar (classes: string[]): { element: SVGSVGElement, update (view: BarView): void } {
  const element = svg('svg', { class: 'bar', viewBox: `0 0 ${UNITS} 12`, preserveAspectRatio: 'none', 'aria-hidden': 'true' })
  const track = svg('rect', { class: 'track', x: 0, y: 2, width: UNITS, height: 8 })
  const parts = classes.map(name => svg('rect', { class: name, y: 2, height: 8, width: 0 }))
  const peak = svg('path', { class: 'peak', d: 'M0 0V12' })
  const limit = svg('path', { class: 'limit', d: 'M0 0V12' })
  element.append(track, ...parts, peak, limit)

  return {
    element,
    update (view) {
      const full = (view.limit ?? view.scale) * LENGTH || 1
      const place = (value: number) => Math.round(Math.min(1, Math.max(0, value / full)) * UNITS * 10) / 10
      let start = 0
      for (const [i, part] of parts.entries()) {
        const value = Math.max(0, view.parts[i] ?? 0)
        setAttribute(part, 'x', place(start))
        setAttribute(part, 'width', Math.round((place(start + value) - place(start)) * 10) / 10)
        start += value
      }
      setAttribute(track, 'width', view.limit === null ? UNITS : place(view.limit))
      mark(peak, view.peak === null ? null : place(view.peak))
      mark(limit, view.limit === null ? null : place(view.limit))
    }
  }
}

function mark (line: SVGPathElement, x: number | null): void {
  setAttribute(line, 'visibility', x === null ? 'hidden' : 'visible')
  if (x !== null) setAttribute(line, 'transform', `translate(${x} 0)`)
}
