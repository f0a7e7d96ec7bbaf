import { createActions, type Other } from '#lab/web/actions.ts'
import { el, setText } from '#lab/web/dom.ts'
import { createFields } from './fields.ts'
import { readFields, type SweepRequest } from './sweep-request.ts'

export interface FormListeners {
  /** Both give, in words, why they were refused. */
  start: (request: SweepRequest) => Promise<string | null>
  cancel: () => Promise<string | null>
}

export interface FormView {
  /** The services of another project; `null`: ours. */
  beside: string[] | null
  isRunning: boolean
  progress: { words: string, share: number }
  /** What is running, and keeps a sweep from starting. */
  other: Other | null
  /** What a sweep cannot do here, and why; empty: it can do everything. */
  absent: string
}

/** Here a sweep is described, started and cancelled. */
export function createForm ({ start, cancel }: FormListeners): { element: HTMLElement, update (view: FormView): void } {
  const fields = createFields()
  const presses = { start: { ask: submit, isSubmit: true }, cancel: { ask: cancel, isLasting: true } }
  const actions = createActions(presses, show)
  const bar = el('progress')
  bar.setAttribute('aria-label', 'Progress of the sweep')
  const words = el('p', 'elapsed')
  const absentWords = el('p', 'absent')
  const form = el('form', 'ask panel', ...fields.elements, actions.element, el('div', 'progress', words, bar), absentWords)
  form.setAttribute('aria-label', 'A sweep')
  form.noValidate = true
  form.addEventListener('submit', event => {
    event.preventDefault()
    actions.press('start')
  })
  let view: FormView = { beside: null, isRunning: false, progress: { words: '', share: 0 }, other: null, absent: '' }

  async function submit (): Promise<string | null> {
    const read = readFields(fields.values())
    fields.showFaults('faults' in read ? read.faults : {})
    return 'request' in read ? start(read.request) : null
  }

  function show (): void {
    const { beside, isRunning, progress, other, absent } = view
    fields.offer(beside)
    actions.update(buttonsOf(view, actions.pressed()), isRunning ? null : other)
    setText(words, progress.words)
    setText(absentWords, absent)
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

function buttonsOf ({ isRunning, other }: FormView, pressed: 'start' | 'cancel' | null) {
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
