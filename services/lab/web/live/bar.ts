import { setAttribute, svg } from '#lab/web/dom.ts'

/** The length of the bar in limits: there is a little room beyond the limit, because a burst may exceed a CPU limit. */
const LENGTH = 1.06

export interface BarView {
  /** Parts one after the other, in the unit of `limit`. */
  parts: number[]
  peak: number | null
  /** `null` = no limit: the bar is drawn against `scale`, and there is no line. */
  limit: number | null
  scale: number
}

export interface Bar { element: SVGSVGElement, update (view: BarView): void }

/**
 * A horizontal bar with its limit. It is hidden from screen readers: its numbers stand beside it in words. Places are
 * percentages, because each drawing that is scaled would be a layer of its own for the browser.
 */
export function createBar (classes: string[]): Bar {
  const element = svg('svg', { class: 'bar', 'aria-hidden': 'true' })
  const inside = { y: percent(2 / 12), height: percent(8 / 12) }
  const track = svg('rect', { class: 'track', x: 0, ...inside })
  const parts = classes.map(name => svg('rect', { class: name, ...inside, width: 0 }))
  const peak = svg('line', { class: 'peak', y2: '100%' })
  const limit = svg('line', { class: 'limit', y2: '100%' })
  element.append(track, ...parts, peak, limit)

  return {
    element,
    update (view) {
      const full = (view.limit ?? view.scale) * LENGTH || 1
      const place = (value: number) => toVisible(Math.min(1, Math.max(0, value / full)))
      let start = 0
      for (const [i, part] of parts.entries()) {
        const value = Math.max(0, view.parts[i] ?? 0)
        setAttribute(part, 'x', percent(place(start)))
        setAttribute(part, 'width', percent(place(start + value) - place(start)))
        start += value
      }
      setAttribute(track, 'width', percent(view.limit === null ? 1 : place(view.limit)))
      mark(peak, view.peak === null ? null : place(view.peak))
      mark(limit, view.limit === null ? null : place(view.limit))
    }
  }
}

/** A quarter of a pixel, on a card: nobody would see a smaller change, and the browser would draw it. */
function toVisible (share: number): number {
  return Math.round(share * 1000) / 1000
}

function percent (share: number): string {
  return `${Number((share * 100).toFixed(2))}%`
}

function mark (line: SVGLineElement, x: number | null): void {
  setAttribute(line, 'visibility', x === null ? 'hidden' : 'visible')
  if (x === null) return
  setAttribute(line, 'x1', percent(x))
  setAttribute(line, 'x2', percent(x))
}
