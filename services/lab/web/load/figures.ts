import { formatCount, formatMs, formatRate } from '#lab/format.ts'
import { el, keepChildren, setAttribute, setText, shape } from '#lab/web/dom.ts'
import type { LoadFigures, LoadView } from '#lab/wire/load.ts'
import { failureWords } from '#lab/words.ts'
import { failedWords, figuresOf, orderWords, pacePhrase, paceWords, pathWords } from './load-words.ts'

/**
 * One load in numbers: of its last second while it runs, of all of it afterwards; then whether the generator is to be
 * believed.
 */
export function createFigures (): { element: HTMLElement, steps: HTMLElement, update (load: LoadView | null): void } {
  const heading = el('h3')
  const when = el('span', 'aside')
  const list = el('dl', 'figures panel')
  const pace = el('p', 'pace')
  pace.setAttribute('role', 'status')
  const steps = el('div', 'steps-of-load')
  const element = el('div', 'result', el('div', 'head', heading, when), list, pace)
  let told = ''

  return {
    element,
    steps,
    update (load) {
      setText(heading, load === null ? 'The last load' : `${pathWords(load.spec)}`)
      setText(when, load === null ? '' : `${pacePhrase(load.spec)}${load.state === 'running' ? ', the last second' : ''}`)
      for (const [i, item] of keepChildren(list, figuresOf(load), ({ name }) => name, ({ name }) => el('div', '', el('dt', '', name), el('dd'))).entries()) {
        const figure = figuresOf(load)[i]!
        setText(item.lastElementChild!, figure.text)
        setAttribute(item, 'data-bad', String(figure.isBad))
      }
      const key = load === null ? 'none' : `${load.id} ${load.state}`
      if (key === told) return
      told = key
      showPace(pace, load)
      showSteps(steps, load)
    }
  }
}

function showPace (host: HTMLElement, load: LoadView | null): void {
  const { isKept, text } = load === null
    ? { isKept: null, text: 'Start a load, and see here what it did.' }
    : load.state === 'running' ? { isKept: null, text: 'Whether the generator itself kept the pace is told at the end.' } : paceWords(load)
  const failures = load?.summary ? failureWords(load.summary.total) : ''
  const sentences = [text, failures === '' ? '' : `Failed: ${failures}.`, load === null ? '' : orderWords(load)]
  host.dataset['kept'] = String(isKept)
  host.replaceChildren(...(isKept === null ? [] : [shape(isKept ? 'holds' : 'does_not_hold'), ' ']), sentences.filter(sentence => sentence !== '').join(' '))
}

/** Of a load in steps, each rate for itself. It has its place from the beginning; the figures come at the end. */
function showSteps (host: HTMLElement, load: LoadView | null): void {
  const rates = load?.spec.ratesPerSecond ?? []
  if (rates.length < 2) { host.replaceChildren(); return }
  const head = el('tr', '', ...['rate', 'due', 'p50', 'p99', 'longest', 'failed'].map(title => { const th = el('th', 'number', title); th.scope = 'col'; return th }))
  const rows = rates.map((rate, i) => el('tr', '', ...stepTexts(rate, load?.summary?.steps[i]).map(text => el('td', 'number', text))))
  host.replaceChildren(el('table', 'panel', el('caption', 'hidden', 'Each rate of this load'), el('thead', '', head), el('tbody', '', ...rows)))
}

function stepTexts (rate: number, step: LoadFigures | undefined): string[] {
  const { p50Ms, p99Ms, maxMs } = step?.latency ?? { p50Ms: null, p99Ms: null, maxMs: null }
  return [formatRate(rate), formatCount(step?.due ?? null), formatMs(p50Ms), formatMs(p99Ms), formatMs(maxMs), step ? failedWords(step) : formatCount(null)]
}
