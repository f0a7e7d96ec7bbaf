import { el } from '#lab/web/dom.ts'
import {
  field, fieldsOf, offerServices, ownServices, presetButtons, select, textInput, type Field, type Fields
} from '#lab/web/fields.ts'
import { firstBeside, firstFields, presets, type LoadFields } from './load-request.ts'

interface LoadFormFields extends Fields<LoadFields> {
  elements: HTMLElement[]
  /** `beside`: the services of another project, which have no presets, and whose ports nobody knows; `null`: ours. */
  offer: (beside: string[] | null) => void
}

/** The fields that describe a load, and presets for them: loads that teach something. */
export function createFields (): LoadFormFields {
  const inputs = createInputs()
  const fields = fieldsOf<LoadFields>(inputs)
  const { service, port, path, rates, seconds, connections } = inputs
  const buttons = presetButtons(presets, fields.fill)
  const timeAndConnections = el('div', 'two', seconds.element, connections.element)
  let offered: string[] | null = null

  function offer (beside: string[] | null): void {
    if (String(beside) === String(offered)) return
    if ((beside === null) !== (offered === null)) fields.fill(beside === null ? firstFields : firstBeside)
    offered = beside
    offerServices(inputs, beside)
    buttons.hidden = beside !== null
  }

  port.element.hidden = true
  return {
    ...fields,
    offer,
    elements: [buttons, service.element, port.element, path.element, rates.element, timeAndConnections]
  }
}

function createInputs (): Record<keyof LoadFields, Field> {
  const { path, rates, seconds, connections } = firstFields
  return {
    service: field('load', 'Service', select(ownServices)),
    port: field('load', 'Port', textInput('numeric', '')),
    path: field('load', 'Path', textInput('text', path)),
    rates: field('load', 'Requests a second', textInput('decimal', rates), 'one rate, or several in turn: 20, 60, 100'),
    seconds: field('load', 'Seconds', textInput('decimal', seconds)),
    connections: field('load', 'Connections', textInput('numeric', connections), 'the most at a time')
  }
}
