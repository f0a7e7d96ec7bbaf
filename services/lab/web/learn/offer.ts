import { byId, el } from '#lab/web/dom.ts'
import { hashOf } from '#lab/web/route.ts'
import type { Chapter } from './chapters.ts'
import type { Kept } from './kept.ts'
import { isTourOffered } from './progress.ts'
import './offer.css'

/** Offers the tutorial to somebody who is here for the first time, in one line above the live view. */
export function createOffer (chapters: Chapter[], kept: Kept): { update (): void } {
  const host = byId('offer')
  const [first] = chapters
  const start = el('a', 'button', 'Start')
  start.href = hashOf({ view: 'learn', chapter: first?.slug ?? null, heading: null })
  const no = el('button', '', 'No')
  no.type = 'button'
  no.addEventListener('click', () => {
    kept.change(progress => ({ ...progress, isDeclined: true }))
    host.hidden = true
  })
  host.append(el('p', '', `New here? The tutorial shows in ${chapters.length} short chapters what limits do.`), start, no)

  return {
    update () { host.hidden = first === undefined || !isTourOffered(kept.read()) }
  }
}
