import { el, setAttribute, setText } from '#lab/web/dom.ts'
import { firstFields, firstFieldsBeside, presets, type LoadFields } from './load-request.ts'

const ownServices = ['api', 'worker']

export interface Fields {
  elements: HTMLElement[]
  values: () => LoadFields
  /** `beside`: the services of another project, which have no presets, and whose ports nobody knows; `null`: ours. */
  offer: (beside: string[] | null) => void
  /** Other fields keep their values. */
  fill: (chosen: Partial<LoadFields>) => void
  /** Shows each fault at its field, and gives the first of them the focus. */
  showFaults: (faults: Partial<Record<keyof LoadFields, string>>) => void
}

/** The fields that describe a load, and presets for them: loads that teach something. */
export function createFields (): Fields {
  const fields = createInputs()
  const names = Object.keys(fields) as Array<keyof LoadFields>

  function fill (chosen: Partial<LoadFields>): void {
    for (const name of names) if (chosen[name] !== undefined) fields[name].input.value = chosen[name]
  }

  const buttons = presetButtons(fill)
  const timeAndConnections = el('div', 'two', fields.seconds.element, fields.connections.element)
  let offered: string[] | null = null

  function offer (beside: string[] | null): void {
    if (String(beside) === String(offered)) return
    if ((beside === null) !== (offered === null)) fill(beside === null ? firstFields : firstFieldsBeside)
    offered = beside
    const chosen = fields.service.input.value
    const services = beside ?? ownServices
    fields.service.input.replaceChildren(...services.map(name => el('option', '', name)))
    if (services.includes(chosen)) fields.service.input.value = chosen
    buttons.hidden = beside !== null
    fields.port.element.hidden = beside === null
  }

  fields.port.element.hidden = true
  return {
    elements: [
      buttons, fields.service.element, fields.port.element, fields.path.element, fields.rates.element,
      timeAndConnections
    ],
    fill,
    offer,
    values: () => Object.fromEntries(names.map(name => [name, fields[name].input.value])) as unknown as LoadFields,
    showFaults (faults) {
      for (const name of names) {
        setText(fields[name].fault, faults[name] ?? '')
        setAttribute(fields[name].input, 'aria-invalid', String(faults[name] !== undefined))
      }
      const first = names.find(name => faults[name] !== undefined)
      if (first) fields[first].input.focus()
    }
  }
}

function createInputs (): Record<keyof LoadFields, Field> {
  const { path, rates, seconds, connections } = firstFields
  return {
    service: field('Service', select(ownServices)),
    port: field('Port', textInput('numeric', '')),
    path: field('Path', textInput('text', path)),
    rates: field('Requests a second', textInput('decimal', rates), 'one rate, or several in turn: 20, 60, 100'),
    seconds: field('Seconds', textInput('decimal', seconds)),
    connections: field('Connections', textInput('numeric', connections), 'the most at a time')
  }
}

function presetButtons (choose: (fields: Partial<LoadFields>) => void): HTMLElement {
  const buttons = presets.map(({ label, hint, fields }) => {
    const button = el('button', 'preset', el('span', 'label', label), ' ', el('span', 'hint', hint))
    button.type = 'button'
    button.addEventListener('click', () => { choose(fields) })
    return button
  })
  const group = el('div', 'presets', ...buttons)
  group.setAttribute('role', 'group')
  group.setAttribute('aria-label', 'Fill in a preset')
  return group
}

interface Field { element: HTMLElement, input: HTMLInputElement | HTMLSelectElement, fault: HTMLElement }

/** An input with its name. Its hint and its fault describe it, and are not part of its name. */
function field (name: string, input: Field['input'], hint = ''): Field {
  const id = `load-${name.toLowerCase().replaceAll(' ', '-')}`
  const label = el('label', 'name', name)
  label.htmlFor = input.id = id
  const hinted = el('p', 'hint', hint)
  hinted.id = `${id}-hint`
  const fault = el('p', 'fault')
  fault.id = `${id}-fault`
  input.setAttribute('aria-describedby', hint === '' ? fault.id : `${hinted.id} ${fault.id}`)
  return { element: el('div', 'field', label, input, ...(hint === '' ? [] : [hinted]), fault), input, fault }
}

function textInput (inputMode: string, value: string): HTMLInputElement {
  const input = el('input')
  input.type = 'text'
  input.inputMode = inputMode
  input.value = value
  input.autocomplete = 'off'
  input.spellcheck = false
  return input
}

function select (options: string[]): HTMLSelectElement {
  return el('select', '', ...options.map(name => el('option', '', name)))
}
