import { el, setText } from '#lab/web/dom.ts'

const COPIED_MS = 2000

/** Gives every step of a chapter a button that copies its commands. `say`: what a screen reader reads out. */
export function addCopyButtons (text: HTMLElement, say: (words: string) => void): void {
  for (const step of text.querySelectorAll<HTMLElement>('.step')) {
    const code = step.querySelector('code')!
    const button = el('button', 'copy', 'Copy')
    button.type = 'button'
    button.addEventListener('click', async () => {
      const isCopied = await copy(code)
      say(isCopied ? `Copied: ${code.textContent}` : 'Not copied. The commands are selected, so that you can copy them.')
      setText(button, isCopied ? 'Copied' : 'Selected')
      setTimeout(() => { setText(button, 'Copy') }, COPIED_MS)
    })
    step.append(button)
  }
}

/** A browser gives pages access to the clipboard only where nobody could have changed them on the way. */
async function copy (code: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(code.textContent)
    return true
  } catch {
    getSelection()?.selectAllChildren(code)
    return document.execCommand('copy')
  }
}
