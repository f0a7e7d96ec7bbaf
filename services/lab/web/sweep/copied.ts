/** Lines to copy, with a button that does it. */
import { el, setText } from '#lab/web/dom.ts'
import { addCopyButtons } from '#lab/web/learn/copy.ts'
import '#lab/web/learn/code.css'

export interface Copied {
  element: HTMLElement
  /** `canCopy`: whether it is worth copying. */
  update: (text: string, canCopy?: boolean) => void
}

/** `title`: says what the lines are for. */
export function createCopied (title: string, className = ''): Copied {
  const code = el('code')
  const step = el('div', 'step', el('pre', '', code))
  const said = el('p', 'hidden')
  said.setAttribute('role', 'status')
  const element = el('div', `copied ${className}`.trim(), el('p', 'title', title), step, said)
  addCopyButtons(element, words => { setText(said, words) })
  const button = step.querySelector<HTMLButtonElement>('.copy')!

  return {
    element,
    update (text, canCopy = true) {
      setText(code, text)
      button.disabled = !canCopy
    }
  }
}
