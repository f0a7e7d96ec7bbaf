import type { RunView } from '../../runs/wire.ts'
import { el, setAttribute, setText } from '../dom.ts'
import { hashOf } from '../view/route.ts'
import { runActions, type ButtonView } from '../view/run-actions.ts'

export interface ActionListeners {
  chosen: () => string | null
  /** Each gives what was refused, in words. */
  start: (prediction: string | null) => Promise<string | null>
  cancel: (run: RunView) => Promise<string | null>
  toVerdict: () => void
}

export interface ActionsView { run: RunView | null, busyWith: { id: string, title: string } | null }

/** Run, cancel and on to the verdict, in one place; beside them why not. */
export function createActions ({ chosen, start, cancel, toVerdict }: ActionListeners): { element: HTMLElement, choose: () => void, update (view: ActionsView): void } {
  const buttons = {
    run: button(() => { press('run', () => start(chosen())) }),
    cancel: button(() => { press('cancel', () => view.run ? cancel(view.run) : Promise.resolve(null)) }),
    verdict: button(toVerdict)
  }
  const refusal = el('p', 'refusal')
  refusal.setAttribute('role', 'alert')
  const other = el('p', 'other')
  const element = el('div', 'actions', buttons.run, buttons.cancel, buttons.verdict, refusal, other)
  let view: ActionsView = { run: null, busyWith: null }
  let pressed: 'run' | 'cancel' | null = null

  async function press (which: 'run' | 'cancel', ask: () => Promise<string | null>): Promise<void> {
    pressed = which
    setText(refusal, '')
    show()
    const refused = await ask()
    if (refused !== null || which === 'run') pressed = null
    setText(refusal, refused ?? '')
    show()
  }

  function show (): void {
    const hadFocus = element.contains(document.activeElement)
    const shown = runActions({ run: view.run, busyWith: view.busyWith?.title ?? null, isChosen: chosen() !== null, pressed })
    setAttribute(buttons.run, 'data-main', String(shown.run.isMain))
    for (const name of ['run', 'cancel', 'verdict'] as const) showButton(buttons[name], shown[name])
    showOther(other, view.run === null ? view.busyWith : null)
    // Whoever pressed a button by keyboard stays where the buttons are.
    if (hadFocus && !element.contains(document.activeElement)) Object.values(buttons).find(({ hidden }) => !hidden)?.focus()
  }

  return {
    element,
    choose: () => { setText(refusal, ''); show() },
    update (next) {
      if (next.run?.id !== view.run?.id) setText(refusal, '')
      if (next.run?.state !== 'running') pressed = pressed === 'cancel' ? null : pressed
      view = next
      show()
    }
  }
}

function button (onClick: () => void): HTMLButtonElement {
  const element = el('button')
  element.type = 'button'
  element.addEventListener('click', () => { if (element.getAttribute('aria-disabled') !== 'true') onClick() })
  return element
}

function showButton (element: HTMLButtonElement, { isShown, isDisabled, text }: ButtonView): void {
  element.hidden = !isShown
  // `disabled` would take the focus away while a request is on its way.
  setAttribute(element, 'aria-disabled', String(isDisabled))
  setText(element, text)
}

function showOther (host: HTMLElement, other: ActionsView['busyWith']): void {
  if ((host.dataset['id'] ?? '') === (other?.id ?? '')) return
  host.dataset['id'] = other?.id ?? ''
  if (other === null) { host.replaceChildren(); return }
  const link = el('a', '', other.title)
  link.href = hashOf({ view: 'experiment', id: other.id, runId: null })
  host.replaceChildren(link, ' is running, and there is one run at a time.')
}
