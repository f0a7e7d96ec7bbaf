import type { ButtonView } from '#lab/web/experiments/run-actions.ts'
import { el, setAttribute, setText } from './dom.ts'

export interface Press {
  /** Sends the request; gives, in words, why it was refused. */
  ask: () => Promise<string | null>
  /** Its effect shows only after a while: until its button goes, the request is not sent again. */
  isLasting?: boolean
  /** The button submits its form, whose `submit` listener then calls `press`. */
  isSubmit?: boolean
}

/** Something else that is running, where to see it, and why that matters here. */
export interface Other { title: string, href: string, why: string }

export interface Actions<Name extends string> {
  element: HTMLElement
  press: (name: Name) => Promise<void>
  pressed: () => Name | null
  /** Clears the refusal: what was refused once may be accepted now. */
  forget: () => void
  update: (buttons: Record<Name, ButtonView>, other: Other | null) => void
}

/**
 * Buttons that take turns in one place, and beside them why one cannot be pressed. `changed` is called whenever
 * `pressed` changes.
 */
export function createActions<Name extends string> (
  presses: Record<Name, Press>, changed: () => void
): Actions<Name> {
  const names = Object.keys(presses) as Name[]
  const buttons = Object.fromEntries(
    names.map(name => [name, buttonOf(presses[name], () => press(name))])
  ) as Record<Name, HTMLButtonElement>
  const refusal = el('p', 'refusal')
  refusal.setAttribute('role', 'alert')
  const otherWords = el('p', 'other')
  const element = el('div', 'actions', ...names.map(name => buttons[name]), refusal, otherWords)
  let pressed: Name | null = null

  async function press (name: Name): Promise<void> {
    // `disabled` would take the focus away while a request is on its way.
    if (buttons[name].hidden || buttons[name].getAttribute('aria-disabled') === 'true') return
    pressed = name
    setText(refusal, '')
    changed()
    const refused = await presses[name].ask()
    if (refused !== null || !presses[name].isLasting) pressed = null
    setText(refusal, refused ?? '')
    changed()
  }

  function update (views: Record<Name, ButtonView>, other: Other | null): void {
    const focused = names.find(name => buttons[name] === document.activeElement)
    for (const name of names) showButton(buttons[name], views[name])
    if (pressed !== null && presses[pressed].isLasting && buttons[pressed].hidden) pressed = null
    showOther(otherWords, other)
    // Somebody who pressed a button by keyboard keeps the focus among the buttons.
    if (focused && buttons[focused].hidden) names.map(name => buttons[name]).find(({ hidden }) => !hidden)?.focus()
  }

  return { element, press, pressed: () => pressed, forget: () => { setText(refusal, '') }, update }
}

function buttonOf ({ isSubmit = false }: Press, onClick: () => void): HTMLButtonElement {
  const element = el('button')
  element.type = isSubmit ? 'submit' : 'button'
  if (!isSubmit) element.addEventListener('click', onClick)
  return element
}

function showButton (element: HTMLButtonElement, { isShown, isDisabled, text, isMain = false }: ButtonView): void {
  element.hidden = !isShown
  setAttribute(element, 'aria-disabled', String(isDisabled))
  setAttribute(element, 'data-main', String(isMain))
  setText(element, text)
}

function showOther (host: HTMLElement, other: Other | null): void {
  if ((host.dataset['href'] ?? '') === (other?.href ?? '')) return
  host.dataset['href'] = other?.href ?? ''
  if (other === null) {
    host.replaceChildren()
    return
  }
  const link = el('a', '', other.title)
  link.href = other.href
  host.replaceChildren(link, ` ${other.why}`)
}
