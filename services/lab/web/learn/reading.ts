/** Where somebody reads in a chapter: which heading is the last above, and how far above. */
import type { Progress } from './progress.ts'

export type Place = NonNullable<Progress['place']>

/** A heading counts as passed a little before it leaves the window. */
const EDGE_PX = 80

/** `headings`: of the chapter, in order; `top`: what its beginning is measured by. */
export function placeIn (chapter: string, headings: HTMLElement[], top: HTMLElement): Place {
  const passed = headings.filter(heading => heading.getBoundingClientRect().top <= EDGE_PX).at(-1)
  return {
    chapter,
    heading: passed ? headingOf(passed) : null,
    abovePx: Math.round(-(passed ?? top).getBoundingClientRect().top)
  }
}

export function scrollToPlace ({ heading, abovePx }: Place, headings: HTMLElement[], top: HTMLElement): void {
  const from = headings.find(one => headingOf(one) === heading) ?? top
  scrollTo(0, from.getBoundingClientRect().top + scrollY + abovePx)
}

/** `learn/06-too-much-memory/try-it` → `try-it`. */
export function headingOf ({ id }: HTMLElement): string {
  return id.split('/').at(-1)!
}
