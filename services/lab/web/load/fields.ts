import { el, setAttribute, setText } from '#lab/web/dom.ts'
import { field, select, textInput } from './field.ts'
import { firstFields, presets, type LoadFields } from './load-request.ts'

export interface Fields {
  elements: HTMLElement[]
  values: () => LoadFields
  /** Each at its field; the first one gets the focus. */
  showFaults: (faults: Partial<Record<keyof LoadFields, string>>) => void
}

/** What is asked for, of whom, how often and how long; and a few loads that teach something, to begin with. */
export function createFields (): Fields {
  const fields = {
    service: field('Service', select(['api', 'worker'])),
    path: field('Path', textInput('text', firstFields.path)),
    rates: field('Requests a second', textInput('decimal', firstFields.rates), 'one rate, or several after another: 20, 60, 100'),
    seconds: field('Seconds', textInput('decimal', firstFields.seconds)),
    connections: field('Connections', textInput('numeric', firstFields.connections), 'at most so many at a time')
  }
  const names = Object.keys(fields) as Array<keyof LoadFields>

  function fill (chosen: Partial<LoadFields>): void {
    for (const name of names) if (chosen[name] !== undefined) fields[name].input.value = chosen[name]
  }

  return {
    elements: [presetButtons(fill), fields.service.element, fields.path.element, fields.rates.element, el('div', 'two', fields.seconds.element, fields.connections.element)],
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

function presetButtons (choose: (fields: Partial<LoadFields>) => void): HTMLElement {
  const buttons = presets.map(({ label, hint, fields }) => {
    const button = el('button', 'preset', el('span', 'label', label), ' ', el('span', 'hint', hint))
    button.type = 'button'
    button.addEventListener('click', () => { choose(fields) })
    return button
  })
  const group = el('div', 'presets', ...buttons)
  group.setAttribute('role', 'group')
  group.setAttribute('aria-label', 'Fill in')
  return group
}
