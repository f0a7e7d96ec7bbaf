/** The trials in the order in which they were made; below each, what decided, and all of the kernel's evidence. */
import { el, headRow, keepChildren, prose, shape } from '#lab/web/dom.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { SweepView, Trial } from '#lab/wire/sweep.ts'
import { purposeWords, trialOutcomeWords } from '#lab/words.ts'
import { trialShape } from './curves.ts'
import { evidenceWords, trialColumns } from './sweep-words.ts'

const titles = ['Trial', 'For', ...trialColumns.map(({ title }) => title), 'Outcome']
const numbers = new Set(trialColumns.map(({ title }) => title))

export function createTrialsTable (): { element: HTMLElement, update (sweep: SweepView | null): void } {
  const body = el('tbody')
  const caption = el('caption', 'hidden', 'Trials, in the order in which they were made')
  const table = el('table', '', caption, el('thead', '', headRow(titles, title => numbers.has(title))), body)
  const element = el('section', 'trials', el('h3', '', 'Trials'), el('div', 'panel', table))
  let shownId = ''

  return {
    element,
    update (sweep) {
      const trials = sweep?.trials ?? []
      element.hidden = trials.length === 0
      if (sweep !== null && sweep.id !== shownId) body.replaceChildren()
      shownId = sweep?.id ?? ''
      // A trial does not change: each row is drawn once.
      keepChildren(body, trials.flatMap(rowsOf), ({ key }) => key, ({ make }) => make())
    }
  }
}

function rowsOf (trial: Trial): Array<{ key: string, make: () => HTMLElement }> {
  return [
    { key: String(trial.number), make: () => figuresRow(trial) },
    { key: `${trial.number} evidence`, make: () => evidenceRow(trial) }
  ]
}

function figuresRow (trial: Trial): HTMLElement {
  const number = el('th', '', String(trial.number))
  number.scope = 'row'
  const cells = [
    number,
    cellOf('For', purposeWords[trial.purpose]),
    ...trialColumns.map(({ title, text }) => cellOf(title, text(trial), 'number')),
    cellOf('Outcome', outcomeOf(trial), 'outcome')
  ]
  for (const [i, cell] of cells.entries()) cell.dataset['title'] = titles[i]
  const row = el('tr', 'figures-of-trial', ...cells)
  row.dataset['outcome'] = trial.outcome
  return row
}

function cellOf (title: string, content: Node | string, className = ''): HTMLElement {
  const cell = el('td', className, content)
  cell.dataset['title'] = title
  return cell
}

function outcomeOf ({ outcome }: Trial): HTMLElement {
  return el('span', '', trialShape(outcome), trialOutcomeWords[outcome])
}

function evidenceRow (trial: Trial): HTMLElement {
  const summary = el('summary', '', ...prose(evidenceWords(trial)))
  const details = el('details', '', summary, el('ul', '', ...trial.checks.map(checkItem)))
  const cell = el('td', '', details)
  cell.colSpan = titles.length
  return el('tr', 'evidence', cell)
}

function checkItem ({ claim, saw, source, holds }: Check): HTMLElement {
  const status = holds === null ? 'not_measured' : holds ? 'holds' : 'does_not_hold'
  const words = holds === null ? 'not measured' : holds ? 'holds' : 'does not hold'
  const item = el('li', '', shape(status), el('span', 'hidden', `${words}: `),
    el('span', '', ...prose(`${claim}: ${saw} `), el('code', '', source)))
  item.dataset['outcome'] = status
  return item
}
