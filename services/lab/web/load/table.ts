import { formatMs, formatRate, formatShare, formatTime } from '#lab/format.ts'
import { el, keepChildren, setAttribute, setText } from '#lab/web/dom.ts'
import { hashOf } from '#lab/web/route.ts'
import type { LoadView } from '#lab/wire/load.ts'
import { answeredPerSecond, failedWords, keptWords, pacePhrase, pathWords } from './load-words.ts'

export interface LoadsTableView { loads: LoadView[], throttledShares: Map<string, number | null>, compared: string[], shownId: string | null }

const titles = ['Compare', 'Begun', 'Load', 'Answered', 'p50', 'p99', 'Failed', 'Target throttled', 'Generator']
const numbers = new Set(['Answered', 'p50', 'p99', 'Failed', 'Target throttled'])

/** The loads that the lab remembers, newest first; those that are ticked stand side by side. */
export function createLoadsTable (onCompare: (id: string, isChosen: boolean) => void): { element: HTMLElement, update (view: LoadsTableView): void } {
  const body = el('tbody')
  const head = el('tr', '', ...titles.map(title => { const th = el('th', numbers.has(title) ? 'number' : '', title); th.scope = 'col'; return th }))
  const table = el('table', '', el('caption', 'hidden', 'Loads so far, newest first'), el('thead', '', head), body)
  const element = el('section', 'loads', el('h3', '', 'Loads so far'), el('div', 'panel', table))

  function row (load: LoadView): HTMLElement {
    const box = el('input')
    box.type = 'checkbox'
    box.setAttribute('aria-label', `Compare the load begun at ${formatTime(load.startedAt)}`)
    box.addEventListener('change', () => { onCompare(load.id, box.checked) })
    const link = el('a', '', formatTime(load.startedAt))
    link.href = hashOf({ view: 'load', id: load.id })
    const cells = titles.map(title => { const td = el('td', numbers.has(title) ? 'number' : ''); td.dataset['title'] = title; return td })
    cells[0]!.append(box)
    cells[1]!.append(link)
    cells[2]!.append(el('span', 'path', pathWords(load.spec)), el('span', 'pace-of', pacePhrase(load.spec)))
    return el('tr', '', ...cells)
  }

  return {
    element,
    update ({ loads, throttledShares, compared, shownId }) {
      element.hidden = loads.length === 0
      for (const [i, tr] of keepChildren(body, loads, ({ id }) => id, row).entries()) {
        const load = loads[i]!
        const cells = [...tr.children] as HTMLElement[]
        const box = cells[0]!.firstElementChild as HTMLInputElement
        box.checked = compared.includes(load.id)
        box.disabled = load.summary === null
        if (load.id === shownId) setAttribute(cells[1]!.firstElementChild!, 'aria-current', 'true')
        else cells[1]!.firstElementChild!.removeAttribute('aria-current')
        const { summary } = load
        const texts = [
          formatRate(summary && answeredPerSecond(summary)), formatMs(summary?.total.latency.p50Ms ?? null), formatMs(summary?.total.latency.p99Ms ?? null),
          summary ? failedWords(summary.total) : '–', formatShare(throttledShares.get(load.id) ?? null), keptWords(load)
        ]
        for (const [k, text] of texts.entries()) setText(cells[k + 3]!, text)
      }
    }
  }
}
