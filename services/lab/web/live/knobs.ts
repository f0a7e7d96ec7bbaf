/** Where the limits of one container are turned while one watches it. */
import { isWithoutCgroups, isWithoutLimits } from '#lab/web/container-words.ts'
import { el, setAttribute, setText } from '#lab/web/dom.ts'
import { shortName } from '#lab/web/order.ts'
import { setLimits } from '#lab/web/requests.ts'
import type { ChangedService, LimitsView } from '#lab/wire/limits.ts'
import type { ContainerView, Hello } from '#lab/wire/live.ts'
import {
  beforeWords, consequence, fromSlider, knobs, rangeOf, requestOf, SLIDER_STEPS, toSlider, updateCommand, valueOf,
  type Knob
} from './knob.ts'
import './knobs.css'

const names: Record<Knob, string> = { memory: 'memory', cpus: 'CPU', pids: 'tasks' }

export interface Knobs {
  element: HTMLElement
  update: (view: ContainerView | null, hello: Hello | null, limits: LimitsView | null) => void
}

/** Closed until somebody asks for it, and made then: fifty containers would need a hundred and fifty sliders. */
export function createKnobs (): Knobs {
  const summary = el('summary', '', 'Limits')
  const changed = el('span', 'changed')
  summary.append(changed)
  const element = el('details', 'knobs', summary)
  let rows: Rows | null = null
  let latest: [ContainerView | null, Hello | null, LimitsView | null] = [null, null, null]

  element.addEventListener('toggle', () => {
    const [view, hello] = latest
    if (!element.open || rows !== null || view === null || hello === null) return
    rows = createRows(shortName(view.name, hello.project), hello)
    element.append(rows.element)
    update(...latest)
  })

  function update (view: ContainerView | null, hello: Hello | null, limits: LimitsView | null): void {
    latest = [view, hello, limits]
    const change = limits?.changed.find(({ service }) => service === view?.service) ?? null
    element.hidden = isWithoutLimits(hello) || isWithoutCgroups(hello)
    setText(changed, change === null ? '' : `changed by ${change.by}`)
    if (rows !== null && view !== null && hello !== null) rows.update(view, hello, change, limits?.canChange ?? false)
  }

  return { element, update }
}

interface Rows {
  element: HTMLElement
  update: (view: ContainerView, hello: Hello, change: ChangedService | null, canChange: boolean) => void
}

function createRows (name: string, hello: Hello): Rows {
  const list = knobs.map(knob => createRow(knob, name, hello, ask))
  const putBack = el('button', '', 'Put back')
  putBack.type = 'button'
  const answer = el('p', 'answer')
  answer.setAttribute('role', 'status')
  const command = el('p', 'command')
  const code = el('code')
  command.append('Without the broker of compose.limits.yaml, type: ', code)
  const element = el('div', 'turning', ...list.map(({ element }) => element), putBack, answer, command)
  let service = ''

  async function ask (request: Parameters<typeof setLimits>[0]): Promise<void> {
    const given = await setLimits({ ...request, service })
    setAttribute(answer, 'data-refusal', String('refusal' in given))
    setText(answer, 'refusal' in given ? given.refusal : '')
  }
  putBack.addEventListener('click', () => { ask({ service, memoryBytes: null, cpus: null, pids: null }) })

  return {
    element,
    update (view, hello, change, canChange) {
      service = view.service
      for (const row of list) row.update(view, hello, change)
      putBack.disabled = change === null
      command.hidden = canChange
      const turned = list.filter(({ turnedTo }) => turnedTo() !== null).map(({ knob, turnedTo }) => [knob, turnedTo()])
      const values = turned.length === 0 ? { cpus: valueOf('cpus', view, hello) } : Object.fromEntries(turned)
      setText(code, updateCommand(view.name, values))
      for (const row of list) row.allow(canChange)
    }
  }
}

/** One limit: a slider and a number that are the same value, what it would do, and a button that asks for it. */
function createRow (knob: Knob, name: string, hello: Hello, ask: (request: ReturnType<typeof requestOf>) => void) {
  const range = rangeOf(knob, hello)
  const slider = el('input')
  Object.assign(slider, { type: 'range', min: '0', max: String(SLIDER_STEPS) })
  slider.setAttribute('aria-label', `${names[knob]} limit of ${name}`)
  const number = el('input')
  Object.assign(number, { type: 'number', min: String(range.least), max: String(range.most), step: String(range.step) })
  number.setAttribute('aria-label', `${names[knob]} limit of ${name}, in ${range.unit}`)
  const words = el('span', 'consequence')
  const before = el('span', 'before')
  const set = el('button', '', 'Set')
  set.type = 'submit'
  const unit = el('span', 'unit', range.unit)
  const element = el('form', 'knob', el('span', 'what', names[knob]), slider, number, unit, set,
    el('p', 'outlook', before, ' ', words))
  /** `null`: nobody has turned it, so it shows what binds. */
  let turned: number | null = null
  let shown: ContainerView | null = null

  function turn (value: number): void {
    turned = value
    number.value = String(value)
    slider.value = String(toSlider(value, range))
    slider.setAttribute('aria-valuetext', `${value} ${range.unit}`)
    if (shown !== null) setText(words, consequence(knob, value, shown))
  }

  slider.addEventListener('input', () => { turn(fromSlider(Number(slider.value), range)) })
  number.addEventListener('input', () => { if (number.validity.valid && number.value !== '') turn(Number(number.value)) })
  element.addEventListener('submit', event => {
    event.preventDefault()
    if (turned === null || shown === null) return
    ask(requestOf(shown.service, knob, turned))
    turned = null
  })

  return {
    knob,
    element,
    turnedTo: () => turned,
    allow (canChange: boolean) { set.hidden = !canChange },
    update (view: ContainerView, hello: Hello, change: ChangedService | null) {
      shown = view
      const was = change && beforeWords(knob, change.now, change.before)
      setText(before, was === null ? '' : `changed from ${was}, by ${change!.by}`)
      if (turned !== null) {
        setText(words, consequence(knob, turned, view))
        return
      }
      const value = valueOf(knob, view, hello)
      if (document.activeElement !== number) number.value = String(value)
      slider.value = String(toSlider(value, range))
      slider.setAttribute('aria-valuetext', `${value} ${range.unit}`)
      setText(words, '')
    }
  }
}
