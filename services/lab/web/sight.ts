import { inTurn } from './in-turn.ts'

/** How far beyond the window something counts as seen already: one turn of a wheel. */
const BEYOND = '200px'
/** What cannot be seen is drawn at most this often. */
const OTHERS_MS = 1000

/**
 * Which parts of a page are worth drawing now: those that can be seen, and of the others a few at a time, in turn. So a
 * long page costs as much as a short one, and somebody who reads ahead of the window, as screen readers do, finds
 * nothing that is old.
 */
export class Sight {
  readonly #seen = new Set<Element>()
  readonly #others: number
  readonly #observer: IntersectionObserver
  #turn = 0
  #othersAtMs = -Infinity

  /** `others`: how many that cannot be seen are drawn in a second. `onSeen`: something came into the window. */
  constructor (others: number, onSeen: () => void) {
    this.#others = others
    this.#observer = new IntersectionObserver(entries => {
      for (const { target, isIntersecting } of entries) this.#note(target, isIntersecting)
      if (entries.some(({ isIntersecting }) => isIntersecting)) onSeen()
    }, { rootMargin: BEYOND })
  }

  watch (element: Element): void { this.#observer.observe(element) }

  forget (element: Element): void {
    this.#observer.unobserve(element)
    this.#seen.delete(element)
  }

  sees (element: Element): boolean { return this.#seen.has(element) }

  due (elements: Element[]): Set<Element> {
    const seen = elements.filter(element => this.sees(element))
    return new Set([...seen, ...this.#othersDue(elements.filter(element => !this.sees(element)))])
  }

  #othersDue (others: Element[]): Element[] {
    const nowMs = performance.now()
    if (nowMs - this.#othersAtMs < OTHERS_MS) return []
    this.#othersAtMs = nowMs
    this.#turn += this.#others
    return inTurn(others, this.#turn, this.#others)
  }

  #note (element: Element, isSeen: boolean): void {
    if (isSeen) this.#seen.add(element)
    else this.#seen.delete(element)
  }
}
