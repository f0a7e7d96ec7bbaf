import { isAttached } from '#lab/web/container-words.ts'
import { el } from '#lab/web/dom.ts'
import type { Hello } from '#lab/wire/live.ts'

/** Beside another project, says in a part of the page why it is not there, in place of what it shows otherwise. */
export function createAbsent (host: HTMLElement, why: string): { update (hello: Hello | null): void } {
  const others = [...host.children] as HTMLElement[]
  const note = el('p', 'nothing panel', why)
  note.hidden = true
  host.append(note)

  return {
    update (hello) {
      note.hidden = !isAttached(hello)
      for (const other of others) other.hidden = isAttached(hello)
    }
  }
}
