import { formatTime } from '#lab/format.ts'
import { el, setText } from '#lab/web/dom.ts'
import type { LoadView } from '#lab/wire/load.ts'
import { comparedRows, type ComparedRow } from './load-words.ts'

/** The chosen loads as columns; what is a latency says how many times the first one's it is. */
export function createCompare (): { element: HTMLElement, update (loads: LoadView[], throttledShares: Map<string, number | null>): void } {
  const host = el('div', 'panel side-by-side')
  // It may be wider than a phone, and then scrolls for itself.
  host.tabIndex = 0
  host.setAttribute('role', 'region')
  host.setAttribute('aria-label', 'Loads side by side')
  const note = el('p', 'aside')
  const element = el('section', 'compare', el('div', 'head', el('h3', '', 'Side by side'), note), host)
  let shown = ''

  return {
    element,
    update (loads, throttledShares) {
      element.hidden = loads.length === 0
      setText(note, loads.length === 1 ? 'Tick another one.' : 'Against the first column.')
      const key = JSON.stringify(loads.map(({ id, state }) => [id, state, throttledShares.get(id)]))
      if (key === shown) return
      shown = key
      host.replaceChildren(table(loads, comparedRows(loads, loads.map(({ id }) => throttledShares.get(id) ?? null))))
    }
  }
}

function table (loads: LoadView[], rows: ComparedRow[]): HTMLElement {
  const corner = el('th', '', el('span', 'hidden', 'Figure'))
  const head = el('tr', '', corner, ...loads.map(({ startedAt }) => { const th = el('th', '', formatTime(startedAt)); th.scope = 'col'; return th }))
  const body = rows.map(({ name, texts, ratios }) => {
    const th = el('th', '', name)
    th.scope = 'row'
    return el('tr', '', th, ...texts.map((text, i) => el('td', '', text, ' ', el('span', 'ratio', ratios[i] ?? ''))))
  })
  return el('table', '', el('caption', 'hidden', 'Loads side by side'), el('thead', '', head), el('tbody', '', ...body))
}
