import { shape } from '#lab/web/dom.ts'
import type { RunView } from '#lab/wire/experiments.ts'
import { standingOf, standingWords } from './run-words.ts'

/** A word and its shape, drawn anew only when it is another one. */
export function showStanding (host: HTMLElement, run: RunView | null): void {
  const standing = standingOf(run)
  const words = standingWords(run)
  if (host.dataset['standing'] === standing && host.textContent === words) return
  host.dataset['standing'] = standing
  host.replaceChildren(shape(standing), words)
}
