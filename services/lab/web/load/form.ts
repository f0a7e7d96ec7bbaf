import { el, setAttribute, setText } from '../dom.ts'
import { firstFields, presets, readFields, type LoadFields, type LoadRequest } from '../view/load-request.ts'
import { field, select, textInput } from './field.ts'

export interface FormListeners {
  /** Each gives what was refused, in words. */
  start: (request: LoadRequest) => Promise<string | null>
  cancel: () => Promise<string | null>
}

export interface FormView {
  isRunning: boolean
  progress: { words: string, share: number }
  /** What keeps a load from starting, and where to look. */
  busyWith: { title: string, href: string } | null
}

/** What is asked for, how often and how long; start and cancel in one place, and beside them why not. */
export function createForm ({ start, cancel }: FormListeners): { element: HTMLElement, update (view: FormView): void } {
  const fields = {
    service: field('Service', select(['api', 'worker'])),
    path: field('Path', textInput('text', firstFields.path)),
    rates: field('Requests a second', textInput('decimal', firstFields.rates), 'one rate, or several after another: 20, 60, 100'),
    seconds: field('Seconds', textInput('decimal', firstFields.seconds)),
    connections: field('Connections', textInput('numeric', firstFields.connections), 'at most so many at a time')
  }
  const startButton = el('button', 'start', 'Start')
  startButton.dataset['main'] = 'true'
  const cancelButton = el('button', 'cancel', 'Cancel')
  cancelButton.type = 'button'
  const refusal = el('p', 'refusal')
  refusal.setAttribute('role', 'alert')
  const other = el('p', 'other')
  const bar = el('progress')
  bar.setAttribute('aria-label', 'Time of the load')
  const words = el('p', 'elapsed')
  const form = el('form', 'ask panel',
    offers(chosen => { for (const [name, value] of Object.entries(chosen)) fields[name as keyof LoadFields].input.value = value }),
    fields.service.element, fields.path.element, fields.rates.element,
    el('div', 'two', fields.seconds.element, fields.connections.element),
    el('div', 'actions', startButton, cancelButton, refusal, other),
    el('div', 'progress', words, bar))
  form.setAttribute('aria-label', 'A load')
  form.noValidate = true
  let view: FormView = { isRunning: false, progress: { words: '', share: 0 }, busyWith: null }
  let pressed: 'start' | 'cancel' | null = null

  form.addEventListener('submit', event => {
    event.preventDefault()
    if (view.isRunning || view.busyWith !== null || pressed !== null) return
    const read = readFields(values())
    showFaults('faults' in read ? read.faults : {})
    if ('request' in read) press('start', () => start(read.request))
  })
  cancelButton.addEventListener('click', () => { if (pressed === null) press('cancel', cancel) })

  function values (): LoadFields {
    return Object.fromEntries(Object.entries(fields).map(([name, { input }]) => [name, input.value])) as unknown as LoadFields
  }

  function showFaults (faults: Partial<Record<keyof LoadFields, string>>): void {
    for (const [name, { input, fault }] of Object.entries(fields)) {
      const words = faults[name as keyof LoadFields]
      setText(fault, words ?? '')
      setAttribute(input, 'aria-invalid', String(words !== undefined))
    }
    const first = Object.keys(faults)[0] as keyof LoadFields | undefined
    if (first) fields[first].input.focus()
  }

  async function press (which: 'start' | 'cancel', ask: () => Promise<string | null>): Promise<void> {
    pressed = which
    setText(refusal, '')
    show()
    const refused = await ask()
    if (refused !== null || which === 'start') pressed = null
    setText(refusal, refused ?? '')
    show()
  }

  function show (): void {
    const hadFocus = document.activeElement === startButton || document.activeElement === cancelButton
    startButton.hidden = view.isRunning
    cancelButton.hidden = !view.isRunning
    setAttribute(startButton, 'aria-disabled', String(pressed === 'start' || view.busyWith !== null))
    setAttribute(cancelButton, 'aria-disabled', String(pressed === 'cancel'))
    setText(startButton, pressed === 'start' ? 'Starting…' : 'Start')
    setText(cancelButton, pressed === 'cancel' ? 'Cancelling…' : 'Cancel')
    setText(words, view.progress.words)
    if (bar.value !== view.progress.share) bar.value = view.progress.share
    showOther(other, view.isRunning ? null : view.busyWith)
    if (hadFocus) (view.isRunning ? cancelButton : startButton).focus()
  }

  return {
    element: form,
    update (next) {
      if (!next.isRunning && pressed === 'cancel') pressed = null
      view = next
      show()
    }
  }
}

function offers (choose: (fields: Partial<LoadFields>) => void): HTMLElement {
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

function showOther (host: HTMLElement, other: FormView['busyWith']): void {
  if ((host.dataset['href'] ?? '') === (other?.href ?? '')) return
  host.dataset['href'] = other?.href ?? ''
  if (other === null) { host.replaceChildren(); return }
  const link = el('a', '', other.title)
  link.href = other.href
  host.replaceChildren(link, ' is running, and a load would disturb it.')
}
