/** A form that describes work for the lab, starts it, shows how far it is, and cancels it. */
import { createActions, type Other } from './actions.ts'
import { el, setText } from './dom.ts'
import type { Fields } from './fields.ts'

export interface AskView {
  /** The services of another project; `null`: ours. */
  beside: string[] | null
  isRunning: boolean
  progress: { words: string, share: number }
  /** What is running, and keeps this from starting. */
  other: Other | null
}

export interface AskListeners<Request> {
  /** Both give, in words, why they were refused. */
  start: (request: Request) => Promise<string | null>
  cancel: () => Promise<string | null>
}

export interface AskParts<Values, Request> {
  /** `load`, `sweep`: what is asked for. */
  name: string
  fields: Fields<Values> & { elements: HTMLElement[], offer: (beside: string[] | null) => void }
  read: (values: Values) => { request: Request } | { faults: Partial<Record<keyof Values, string>> }
}

export function createAskForm<Values, Request> (
  { name, fields, read }: AskParts<Values, Request>, { start, cancel }: AskListeners<Request>
): { element: HTMLFormElement, update: (view: AskView) => void } {
  const presses = { start: { ask: submit, isSubmit: true }, cancel: { ask: cancel, isLasting: true } }
  const actions = createActions(presses, show)
  const bar = el('progress')
  bar.setAttribute('aria-label', `Progress of the ${name}`)
  const words = el('p', 'elapsed')
  const form = el('form', 'ask panel', ...fields.elements, actions.element, el('div', 'progress', words, bar))
  form.setAttribute('aria-label', `A ${name}`)
  form.noValidate = true
  form.addEventListener('submit', event => {
    event.preventDefault()
    actions.press('start')
  })
  let view: AskView = { beside: null, isRunning: false, progress: { words: '', share: 0 }, other: null }

  async function submit (): Promise<string | null> {
    const wanted = read(fields.values())
    fields.showFaults('faults' in wanted ? wanted.faults : {})
    return 'request' in wanted ? start(wanted.request) : null
  }

  function show (): void {
    const { beside, isRunning, progress, other } = view
    fields.offer(beside)
    actions.update(buttonsOf(view, actions.pressed()), isRunning ? null : other)
    setText(words, progress.words)
    if (bar.value !== progress.share) bar.value = progress.share
  }

  return {
    element: form,
    update (next) {
      view = next
      show()
    }
  }
}

function buttonsOf ({ isRunning, other }: AskView, pressed: 'start' | 'cancel' | null) {
  return {
    start: {
      isShown: !isRunning,
      isDisabled: pressed === 'start' || other !== null,
      text: pressed === 'start' ? 'Starting…' : 'Start',
      isMain: true
    },
    cancel: {
      isShown: isRunning,
      isDisabled: pressed === 'cancel',
      text: pressed === 'cancel' ? 'Cancelling…' : 'Cancel'
    }
  }
}
