import { el } from '#lab/web/dom.ts'
import {
  field, fieldsOf, offerServices, ownServices, presetButtons, select, textInput, type Field, type Fields
} from '#lab/web/fields.ts'
import { firstBeside } from '#lab/web/load/load-request.ts'
import { firstFields, JOBS, kinds, presets, REQUESTS, type SweepFields } from './sweep-request.ts'

interface SweepFormFields extends Fields<SweepFields> {
  elements: HTMLElement[]
  /** `beside`: the services of another project, which have no jobs and no presets; `null`: ours. */
  offer: (beside: string[] | null) => void
}

/** The fields that describe a sweep, and presets for them. Those of requests and of jobs take turns. */
export function createFields (): SweepFormFields {
  const inputs = createInputs()
  const fields = fieldsOf<SweepFields>(inputs)
  const { work, service, port, path, kind, params, rate, margin, p99, failed, pressure } = inputs
  const requests = el('div', 'narrow-and-wide', service.element, port.element, path.element)
  const jobs = el('div', 'narrow-and-wide', kind.element, params.element)
  const keeps = el('div', 'three', p99.element, failed.element, pressure.element)
  const goal = el('fieldset', 'goal', el('legend', '', 'Goal'), keeps)

  function showWork (): void {
    requests.hidden = work.input.value !== REQUESTS
    jobs.hidden = work.input.value !== JOBS
  }

  function fill (chosen: Partial<SweepFields>): void {
    fields.fill(chosen)
    showWork()
  }

  const buttons = presetButtons(presets, fill)
  let offered: string[] | null = null

  function offer (beside: string[] | null): void {
    if (String(beside) === String(offered)) return
    if ((beside === null) !== (offered === null)) fill({ ...firstFields, ...(beside !== null && firstBeside) })
    offered = beside
    offerServices(inputs, beside)
    for (const element of [buttons, work.element]) element.hidden = beside !== null
  }

  port.element.hidden = true
  work.input.addEventListener('change', showWork)
  fill(firstFields)
  const workAndRate = el('div', 'two', work.element, rate.element)
  return {
    ...fields,
    fill,
    offer,
    elements: [buttons, workAndRate, requests, jobs, goal, el('div', 'two', margin.element)]
  }
}

function createInputs (): Record<keyof SweepFields, Field> {
  const number = () => textInput('decimal', '')
  const input = (name: string, element: Field['input'], hint = '') => field('sweep', name, element, hint)
  return {
    work: input('Work', select([REQUESTS, JOBS])),
    service: input('Service', select(ownServices)),
    port: input('Port', textInput('numeric', '')),
    path: input('Path', textInput('text', '')),
    kind: input('Kind', select(kinds)),
    params: input('Parameters', textInput('text', '')),
    rate: input('Rate', number(), 'a second'),
    margin: input('Margin', number(), '% on top'),
    p99: input('p99', number(), 'ms at most'),
    failed: input('Failed', number(), '% at most'),
    pressure: input('Pressure', number(), '% at most, of memory')
  }
}
