/** The fields of a form, each with its hint and its fault, and presets that fill them in. */
import { el, setAttribute, setText } from './dom.ts'

export interface Field { element: HTMLElement, input: HTMLInputElement | HTMLSelectElement, fault: HTMLElement }

export interface Fields<Values> {
  values: () => Values
  /** Other fields keep their values. */
  fill: (chosen: Partial<Values>) => void
  /** Shows each fault at its field, and gives the first of them the focus. */
  showFaults: (faults: Partial<Record<keyof Values, string>>) => void
}

export function fieldsOf<Values extends object> (fields: Record<keyof Values & string, Field>): Fields<Values> {
  const names = Object.keys(fields) as Array<keyof Values & string>
  return {
    values: () => Object.fromEntries(names.map(name => [name, fields[name].input.value])) as Values,
    fill (chosen) {
      for (const name of names) if (chosen[name] !== undefined) fields[name].input.value = String(chosen[name])
    },
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

/** An input with its name. Its hint and its fault describe it, and are not part of its name. */
export function field (form: string, name: string, input: Field['input'], hint = ''): Field {
  const id = `${form}-${name.toLowerCase().replaceAll(' ', '-')}`
  const label = el('label', 'name', name)
  label.htmlFor = input.id = id
  const hinted = el('p', 'hint', hint)
  hinted.id = `${id}-hint`
  const fault = el('p', 'fault')
  fault.id = `${id}-fault`
  input.setAttribute('aria-describedby', hint === '' ? fault.id : `${hinted.id} ${fault.id}`)
  return { element: el('div', 'field', label, input, ...(hint === '' ? [] : [hinted]), fault), input, fault }
}

export function textInput (inputMode: string, value: string): HTMLInputElement {
  const input = el('input')
  input.type = 'text'
  input.inputMode = inputMode
  input.value = value
  input.autocomplete = 'off'
  input.spellcheck = false
  return input
}

export function select (options: readonly string[]): HTMLSelectElement {
  return el('select', '', ...options.map(name => el('option', '', name)))
}

export const ownServices = ['api', 'worker']

/** `beside`: the services of another project, whose ports nobody knows; `null`: ours. */
export function offerServices ({ service, port }: Record<'service' | 'port', Field>, beside: string[] | null): void {
  const chosen = service.input.value
  const services = beside ?? ownServices
  service.input.replaceChildren(...services.map(name => el('option', '', name)))
  if (services.includes(chosen)) service.input.value = chosen
  port.element.hidden = beside === null
}

export interface Preset<Values> { label: string, hint: string, fields: Partial<Values> }

export function presetButtons<Values> (
  presets: Array<Preset<Values>>, choose: (fields: Partial<Values>) => void
): HTMLElement {
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
