import { el } from '#lab/web/dom.ts'

export interface Field { element: HTMLElement, input: HTMLInputElement | HTMLSelectElement, fault: HTMLElement }

/** An input with its name, and with what there is to say about it: those describe it, and are not part of its name. */
export function field (name: string, input: Field['input'], hint = ''): Field {
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

export function textInput (inputMode: string, value: string): HTMLInputElement {
  const input = el('input')
  input.type = 'text'
  input.inputMode = inputMode
  input.value = value
  input.autocomplete = 'off'
  input.spellcheck = false
  return input
}

export function select (options: string[]): HTMLSelectElement {
  return el('select', '', ...options.map(name => el('option', '', name)))
}
