import type { LoadView } from '../../wire.ts'
import { el, keepChildren, setAttribute, setText, shape } from '../dom.ts'
import { formatMs, formatRate } from '../format.ts'
import { failedWords, failureWords, figuresOf, pacePhrase, paceWords, pathWords } from '../view/load-words.ts'

/** One load in numbers: of its last second while it runs, of all of it afterwards; then whether the generator is to be believed. */
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
  host.dataset['kept'] = String(isKept)
  host.replaceChildren(...(isKept === null ? [] : [shape(isKept ? 'holds' : 'does_not_hold'), ' ']), failures === '' ? text : `${text} Failed: ${failures}.`)
}

/** Of a load in steps, each rate for itself. */
function showSteps (host: HTMLElement, load: LoadView | null): void {
  const steps = load?.summary?.steps ?? []
  if (steps.length < 2) { host.replaceChildren(); return }
  const cell = (tag: 'th' | 'td', text: string) => { const one = el(tag, 'number', text); if (tag === 'th') one.scope = 'col'; return one }
  const head = el('tr', '', ...['rate', 'due', 'p50', 'p99', 'longest', 'failed'].map(title => cell('th', title)))
  const rows = steps.map(({ ratePerSecond, due, latency, ...figures }) =>
    el('tr', '', ...[formatRate(ratePerSecond), String(due), formatMs(latency.p50Ms), formatMs(latency.p99Ms), formatMs(latency.maxMs), failedWords({ ...figures, due })].map(text => cell('td', text))))
  host.replaceChildren(el('table', 'panel', el('caption', 'hidden', 'Each rate of this load'), el('thead', '', head), el('tbody', '', ...rows)))
}
