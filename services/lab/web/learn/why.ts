/** Links from what somebody looks at to the chapter that explains it. */
import { el } from '#lab/web/dom.ts'
import { hashOf } from '#lab/web/route.ts'
import type { Chapter } from './chapters.ts'

/** The chapter that explains an experiment, and so what its limit does; `null`: there is none. */
export type Why = (experiment: string) => Chapter | null

/** “Why?” beside a title. */
export function chapterLink ({ slug, number, title }: Chapter, about = ''): HTMLAnchorElement {
  const link = el('a', 'why', el('span', '', 'Why?'), el('span', 'hidden', ` ${about === '' ? '' : `${about}: `}chapter ${number}, ${title}`))
  link.href = hashOf({ view: 'learn', chapter: slug, heading: null })
  link.title = `Chapter ${number}: ${title}`
  return link
}
