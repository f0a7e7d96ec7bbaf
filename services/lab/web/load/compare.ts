import { formatTime } from '#lab/format.ts'
import { el, headCell, setText } from '#lab/web/dom.ts'
import type { LoadView } from '#lab/wire/load.ts'
import { comparedRows, type ComparedRow } from './load-words.ts'

type Shares = Map<string, number | null>

/** The chosen loads as columns. Each latency is also given as a multiple of the first column's. */
export function createCompare (): { element: HTMLElement, update (loads: LoadView[], throttledShares: Shares): void } {
  const host = el('div', 'panel side-by-side')
  // It may be wider than a phone, and then scrolls by itself.
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
      setText(note, loads.length === 1 ? 'Tick another load to compare it.' : 'Compared with the first column.')
      const shares = loads.map(({ id }) => throttledShares.get(id) ?? null)
      const key = JSON.stringify(loads.map(({ id, state }, i) => [id, state, shares[i]]))
      if (key === shown) return
      shown = key
      host.replaceChildren(table(loads, comparedRows(loads, shares)))
    }
  }
}

function table (loads: LoadView[], rows: ComparedRow[]): HTMLElement {
  const corner = el('th', '', el('span', 'hidden', 'Figure'))
  const head = el('tr', '', corner, ...loads.map(({ startedAt }) => headCell('', formatTime(startedAt))))
  const caption = el('caption', 'hidden', 'Loads side by side')
  return el('table', '', caption, el('thead', '', head), el('tbody', '', ...rows.map(comparedRow)))
}

function comparedRow ({ name, texts, ratios }: ComparedRow): HTMLElement {
  const th = el('th', '', name)
  th.scope = 'row'
  return el('tr', '', th, ...texts.map((text, i) => el('td', '', text, ' ', el('span', 'ratio', ratios[i] ?? ''))))
}
