import { setAttribute, svg } from '#lab/web/dom.ts'

/** The length of the bar in limits: there is a little room beyond the limit, because a burst may exceed a CPU limit. */
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

export interface Bar { element: SVGSVGElement, update (view: BarView): void }

/** A horizontal bar with its limit. It is hidden from screen readers: its numbers stand beside it in words. */
export function createBar (classes: string[]): Bar {
  const viewBox = `0 0 ${UNITS} 12`
  const element = svg('svg', { class: 'bar', viewBox, preserveAspectRatio: 'none', 'aria-hidden': 'true' })
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
