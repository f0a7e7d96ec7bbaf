/** The view of one chapter: its text, and what lives in it. */
import { onColoursChange } from '#lab/web/charts/draw.ts'
import { el, setText } from '#lab/web/dom.ts'
import type { RunsLoader } from '#lab/web/experiments/runs-loader.ts'
import { hashOf } from '#lab/web/route.ts'
import { Sight } from '#lab/web/sight.ts'
import type { State } from '#lab/web/state/state.ts'
import { neighboursOf, type Chapter } from './chapters.ts'
import { addCopyButtons } from './copy.ts'
import { foldVersions } from './folding.ts'
import { InText, placeRunning } from './in-text.ts'
import type { Kept } from './kept.ts'
import { createLivePart } from './live-part.ts'
import { doneOf, stateOf, withChapter, withRan, withShown } from './progress.ts'
import './chapter.css'
import './code.css'
import './print.css'

export interface ChapterView {
  element: HTMLElement
  /** All headings with an address, in order. */
  headings: HTMLElement[]
  update: (isAsked: boolean) => void
}

export interface ChapterParts { chapters: Chapter[], state: State, loader: RunsLoader, kept: Kept, changed: () => void }

/** `html`: of the chapter, from the build. */
export function createChapter (chapter: Chapter, html: string, parts: ChapterParts): ChapterView {
  const { chapters, state, kept, changed } = parts
  const { slug } = chapter
  const text = el('div', 'prose')
  text.innerHTML = html
  const news = el('p', 'hidden')
  news.setAttribute('role', 'status')
  addCopyButtons(text, words => { setText(news, words) })
  text.querySelector('h2')?.after(sectionLinks(chapter))
  const places = placesIn(text, chapter, parts)
  const live = [...text.querySelectorAll<HTMLElement>('.live')].map(element => createLivePart(element, state))
  const end = createEnd(chapter, chapters, kept, changed)
  const element = el('article', 'chapter', crumbsOf(chapter, chapters), text, end.element, news)
  const drawn = [...places, ...live]
  const sight = new Sight(1, changed)
  for (const part of drawn) sight.watch(part.element)
  onColoursChange(changed)
  if (state.hello) foldVersions(text, state.hello)

  function update (isAsked: boolean): void {
    placeRunning(places, state)
    for (const place of places) {
      if (place.finished()) kept.change(progress => withRan(progress, slug, place.experiment))
    }
    const due = sight.due(drawn.map(({ element }) => element))
    for (const part of drawn) if (isAsked || due.has(part.element)) part.update()
    end.update()
  }

  return { element, headings: [...text.querySelectorAll<HTMLElement>('[id^="learn/"]')], update }
}

function placesIn (text: HTMLElement, { slug }: Chapter, { state, loader, kept, changed }: ChapterParts): InText[] {
  const { shown } = doneOf(kept.read(), slug)
  return [...text.querySelectorAll<HTMLElement>('.experiment')].map((host, i) =>
    new InText(host, `${slug}-${i + 1}`, shown[String(i)] ?? null, state, loader, {
      shown (runId) { kept.change(progress => withShown(progress, slug, String(i), runId)) },
      changed
    }))
}

function crumbsOf ({ number, minutes, needs }: Chapter, chapters: Chapter[]): HTMLElement {
  const back = el('a', 'back', 'All chapters')
  back.href = hashOf({ view: 'learn', chapter: null, heading: null })
  const needed = needs.length === 0 ? '' : `, needs ${needs.join(', ')}`
  return el('p', 'crumbs', back, el('span', '', `Chapter ${number} of ${chapters.at(-1)!.number}, ${minutes} minutes${needed}`))
}

function sectionLinks ({ slug, sections }: Chapter): HTMLElement {
  const items = sections.map(({ id, title }) => {
    const link = el('a', '', title)
    link.href = hashOf({ view: 'learn', chapter: slug, heading: id })
    return el('li', '', link)
  })
  const nav = el('nav', 'sections', el('ul', '', ...items))
  nav.setAttribute('aria-label', 'In this chapter')
  return nav
}

/** What comes after the text: whether the chapter is done, and the chapters before and after. */
function createEnd (chapter: Chapter, chapters: Chapter[], kept: Kept, changed: () => void) {
  const { slug } = chapter
  const box = el('input')
  box.type = 'checkbox'
  box.addEventListener('change', () => {
    kept.change(progress => withChapter(progress, slug, { isTicked: box.checked }))
    changed()
  })
  const { previous, next } = neighboursOf(chapters, slug)
  const nav = el('nav', 'neighbours', ...linkTo(previous, 'previous', 'Previous'), ...linkTo(next, 'next', 'Next'))
  nav.setAttribute('aria-label', 'Chapters before and after')
  const element = el('footer', 'end', el('label', '', box, 'This chapter is done'), nav)
  new IntersectionObserver(entries => {
    if (!entries.some(({ isIntersecting }) => isIntersecting) || doneOf(kept.read(), slug).hasReachedEnd) return
    kept.change(progress => withChapter(progress, slug, { hasReachedEnd: true }))
    changed()
  }).observe(element)

  return {
    element,
    update () {
      const isDone = stateOf(kept.read(), chapter) === 'done'
      if (box.checked !== isDone) box.checked = isDone
    }
  }
}

function linkTo (chapter: Chapter | null, className: string, words: string): HTMLElement[] {
  if (chapter === null) return []
  const link = el('a', className, el('span', 'direction', words), ' ', `${chapter.number}. ${chapter.title}`)
  link.href = hashOf({ view: 'learn', chapter: chapter.slug, heading: null })
  return [link]
}
