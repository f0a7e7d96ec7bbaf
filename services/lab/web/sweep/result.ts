/** What a sweep recommends: the limits, what gives way first, what it does not say, and the lines to copy. */
import { el, headRow } from '#lab/web/dom.ts'
import type { SweepView } from '#lab/wire/sweep.ts'
import { createCopied } from './copied.ts'
import { resultRows, type ResultRow } from './sweep-words.ts'

const titles = ['Limit', 'Before', 'Failed with', 'Least that passed', 'Recommended']

export interface ResultSection {
  element: HTMLElement
  heading: HTMLElement
  update: (sweep: SweepView | null) => void
}

/** It is drawn once for each sweep, because a result does not change. */
export function createResult (): ResultSection {
  const body = el('div', 'panel')
  const heading = el('h3', '', 'What to set')
  const element = el('section', 'recommendation', heading, body)
  let shownId = ''

  return {
    element,
    heading,
    update (sweep) {
      element.hidden = sweep === null || sweep.result === null
      if (sweep === null || sweep.result === null || sweep.id === shownId) return
      shownId = sweep.id
      body.replaceChildren(...contents(sweep, sweep.result))
    }
  }
}

function contents (sweep: SweepView, result: NonNullable<SweepView['result']>): HTMLElement[] {
  const { givesWayFirst, notes } = result
  const first = givesWayFirst === null
    ? []
    : [el('dl', 'first', el('dt', '', 'What gives way first'), el('dd', '', givesWayFirst))]
  const list = notes.length === 0 ? [] : [el('ul', 'notes', ...notes.map(note => el('li', '', note)))]
  return [el('div', 'found', ...limitsTable(resultRows(sweep)), ...first, ...list), linesOf(result)]
}

function limitsTable (rows: ResultRow[]): HTMLElement[] {
  if (rows.length === 0) return [el('p', '', 'There are no limits to recommend; the sweep says why above.')]
  const caption = el('caption', 'hidden', 'The limits before, at the knee, and recommended')
  return [el('table', '', caption, el('thead', '', headRow(titles, title => title !== 'Limit')),
    el('tbody', '', ...rows.map(rowOf)))]
}

function rowOf ({ name, before, failed, passed, recommended }: ResultRow): HTMLElement {
  const head = el('th', '', name)
  head.scope = 'row'
  const cells = [before, failed, passed, recommended].map(text => el('td', 'number', text))
  for (const [i, cell] of cells.entries()) cell.dataset['title'] = titles[i + 1]
  cells.at(-1)!.classList.add('recommended')
  return el('tr', '', head, ...cells)
}

function linesOf ({ compose, kubernetes }: NonNullable<SweepView['result']>): HTMLElement {
  const blocks = [['For compose.yaml', compose], ['For a container in Kubernetes', kubernetes]] as const
  return el('div', 'lines', ...blocks.flatMap(([title, text]) => {
    if (text === null) return []
    const block = createCopied(title)
    block.update(text)
    return [block.element]
  }))
}
