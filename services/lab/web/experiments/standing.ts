import type { RunView } from '../../runs/wire.ts'
import { shape } from '../dom.ts'
import { standingOf, standingWords } from '../view/run-words.ts'

/** A word and its shape, drawn anew only when it is another one. */
export function showStanding (host: HTMLElement, run: RunView | null): void {
  const standing = standingOf(run)
  const words = standingWords(run)
  if (host.dataset['standing'] === standing && host.textContent === words) return
  host.dataset['standing'] = standing
  host.replaceChildren(shape(standing), words)
}
