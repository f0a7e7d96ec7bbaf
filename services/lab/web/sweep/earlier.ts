import { formatTime } from '#lab/format.ts'
import { el, keepChildren, setAttribute, setText } from '#lab/web/dom.ts'
import { hashOf } from '#lab/web/route.ts'
import type { SweepView } from '#lab/wire/sweep.ts'
import { stateWords, workWords } from './sweep-words.ts'

/** The sweeps that the lab remembers, newest first. */
export function createEarlier (): { element: HTMLElement, update (sweeps: SweepView[], shownId: string | null): void } {
  const list = el('ul', 'panel')
  const element = el('section', 'sweeps-so-far', el('h3', '', 'Sweeps so far'), list)

  return {
    element,
    update (sweeps, shownId) {
      element.hidden = sweeps.length === 0
      const items = keepChildren(list, sweeps, ({ id }) => id, itemOf)
      for (const [i, item] of items.entries()) {
        const link = item.querySelector('a')!
        if (sweeps[i]!.id === shownId) setAttribute(link, 'aria-current', 'true')
        else link.removeAttribute('aria-current')
        setText(item.querySelector('.state')!, stateWords(sweeps[i]!))
      }
    }
  }
}

function itemOf ({ id, startedAt, spec }: SweepView): HTMLElement {
  const link = el('a', '', formatTime(startedAt))
  link.href = hashOf({ view: 'sweep', id })
  return el('li', '', link, el('span', 'state'), el('span', 'work', workWords(spec)))
}
