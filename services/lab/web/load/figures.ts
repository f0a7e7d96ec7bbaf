import { formatCount, formatMs, formatRate } from '#lab/format.ts'
import { el, headRow, keepChildren, setAttribute, setText, shape } from '#lab/web/dom.ts'
import type { LoadFigures, LoadView } from '#lab/wire/load.ts'
import { failureWords } from '#lab/words.ts'
import { failedWords, figuresOf, orderWords, pacePhrase, paceWords, pathWords, type Figure } from './load-words.ts'

export interface Figures { element: HTMLElement, steps: HTMLElement, update (load: LoadView | null): void }

/**
 * The numbers of one load: those of its last second while it runs, those of all of it afterwards. Below them, whether
 * the generator can be believed.
 */
export function createFigures (): Figures {
  const heading = el('h3')
  const when = el('span', 'aside')
  const list = el('dl', 'figures panel')
  const pace = el('p', 'pace')
  pace.setAttribute('role', 'status')
  const steps = el('div', 'steps-of-load')
  const element = el('div', 'result', el('div', 'head', heading, when), list, pace)
  let shown = ''

  return {
    element,
    steps,
    update (load) {
      setText(heading, load === null ? 'The last load' : `${pathWords(load.spec)}`)
      setText(when, load === null ? '' : whenWords(load))
      showFigures(list, figuresOf(load))
      const key = load === null ? 'none' : `${load.id} ${load.state}`
      if (key === shown) return
      shown = key
      showPace(pace, load)
      showSteps(steps, load)
    }
  }
}

function whenWords ({ spec, state }: LoadView): string {
  return `${pacePhrase(spec)}${state === 'running' ? ', the last second' : ''}`
}

function showFigures (host: HTMLElement, figures: Figure[]): void {
  const items = keepChildren(host, figures, ({ name }) => name, ({ name }) =>
    el('div', '', el('dt', '', name), el('dd')))
  for (const [i, item] of items.entries()) {
    const { text, isBad } = figures[i]!
    setText(item.lastElementChild!, text)
    setAttribute(item, 'data-bad', String(isBad))
  }
}

function showPace (host: HTMLElement, load: LoadView | null): void {
  const { isKept, text } = paceOf(load)
  const failures = load?.summary ? failureWords(load.summary.total) : ''
  const sentences = [text, failures === '' ? '' : `Failed: ${failures}.`, load === null ? '' : orderWords(load)]
  host.dataset['kept'] = String(isKept)
  const mark = isKept === null ? [] : [shape(isKept ? 'holds' : 'does_not_hold'), ' ']
  host.replaceChildren(...mark, sentences.filter(sentence => sentence !== '').join(' '))
}

function paceOf (load: LoadView | null): { isKept: boolean | null, text: string } {
  if (load === null) return { isKept: null, text: 'Start a load to see here what it did.' }
  if (load.state !== 'running') return paceWords(load)
  return { isKept: null, text: 'Whether the generator itself kept the pace is reported at the end.' }
}

const stepTitles = ['rate', 'due', 'p50', 'p99', 'longest', 'failed']

/** Each rate of a load in steps. The rows are there from the beginning; the figures come at the end. */
function showSteps (host: HTMLElement, load: LoadView | null): void {
  const rates = load?.spec.ratesPerSecond ?? []
  if (rates.length < 2) {
    host.replaceChildren()
    return
  }
  const caption = el('caption', 'hidden', 'Each rate of this load')
  const rows = rates.map((rate, i) => stepRow(rate, load?.summary?.steps[i]))
  const head = el('thead', '', headRow(stepTitles, () => true))
  host.replaceChildren(el('table', 'panel', caption, head, el('tbody', '', ...rows)))
}

function stepRow (rate: number, step: LoadFigures | undefined): HTMLElement {
  const { p50Ms, p99Ms, maxMs } = step?.latency ?? { p50Ms: null, p99Ms: null, maxMs: null }
  const texts = [
    formatRate(rate), formatCount(step?.due ?? null), formatMs(p50Ms), formatMs(p99Ms), formatMs(maxMs),
    step ? failedWords(step) : formatCount(null)
  ]
  return el('tr', '', ...texts.map(text => el('td', 'number', text)))
}
