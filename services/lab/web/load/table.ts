import { formatMs, formatRate, formatShare, formatTime, NOTHING } from '#lab/format.ts'
import { el, headRow, keepChildren, setAttribute, setText } from '#lab/web/dom.ts'
import { hashOf } from '#lab/web/route.ts'
import type { LoadsState } from '#lab/web/state/loads.ts'
import type { LoadView } from '#lab/wire/load.ts'
import { answeredPerSecond, failedWords, keptWords, pacePhrase, pathWords } from './load-words.ts'

export interface LoadsTableView extends Pick<LoadsState, 'loads' | 'throttledShares' | 'compared'> {
  shownId: string | null
}

type OnCompare = (id: string, isChosen: boolean) => void

const titles = ['Compare', 'Started', 'Load', 'Answered', 'p50', 'p99', 'Failed', 'Target throttled', 'Generator']
const numbers = new Set(['Answered', 'p50', 'p99', 'Failed', 'Target throttled'])

/** The loads that the lab remembers, newest first. Those that are ticked are shown side by side. */
export function createLoadsTable (onCompare: OnCompare): { element: HTMLElement, update (view: LoadsTableView): void } {
  const body = el('tbody')
  const caption = el('caption', 'hidden', 'Loads so far, newest first')
  const table = el('table', '', caption, el('thead', '', headRow(titles, title => numbers.has(title))), body)
  const element = el('section', 'loads', el('h3', '', 'Loads so far'), el('div', 'panel', table))

  return {
    element,
    update (view) {
      const { loads } = view
      element.hidden = loads.length === 0
      const rows = keepChildren(body, loads, ({ id }) => id, load => loadRow(load, onCompare))
      for (const [i, row] of rows.entries()) showLoad(row, loads[i]!, view)
    }
  }
}

function loadRow ({ id, spec, startedAt }: LoadView, onCompare: OnCompare): HTMLElement {
  const box = el('input')
  box.type = 'checkbox'
  box.setAttribute('aria-label', `Compare the load started at ${formatTime(startedAt)}`)
  box.addEventListener('change', () => { onCompare(id, box.checked) })
  const link = el('a', '', formatTime(startedAt))
  link.href = hashOf({ view: 'load', id })
  const cells = titles.map(cellOf)
  cells[0]!.append(box)
  cells[1]!.append(link)
  cells[2]!.append(el('span', 'path', pathWords(spec)), el('span', 'rate', pacePhrase(spec)))
  return el('tr', '', ...cells)
}

/** On a narrow page the cells stand below each other, each with its title. */
function cellOf (title: string): HTMLElement {
  const cell = el('td', numbers.has(title) ? 'number' : '')
  cell.dataset['title'] = title
  return cell
}

function showLoad (row: HTMLElement, load: LoadView, { compared, shownId, throttledShares }: LoadsTableView): void {
  const cells = [...row.children] as HTMLElement[]
  const box = cells[0]!.firstElementChild as HTMLInputElement
  const link = cells[1]!.firstElementChild!
  box.checked = compared.includes(load.id)
  box.disabled = load.summary === null
  if (load.id === shownId) setAttribute(link, 'aria-current', 'true')
  else link.removeAttribute('aria-current')
  const texts = figureTexts(load, throttledShares.get(load.id) ?? null)
  for (const [i, text] of texts.entries()) setText(cells[i + 3]!, text)
}

function figureTexts (load: LoadView, throttledShare: number | null): string[] {
  const { summary } = load
  return [
    formatRate(summary && answeredPerSecond(summary)),
    formatMs(summary?.total.latency.p50Ms ?? null),
    formatMs(summary?.total.latency.p99Ms ?? null),
    summary ? failedWords(summary.total) : NOTHING,
    formatShare(throttledShare),
    keptWords(load)
  ]
}
