import { el, keepChildren, setText, shape } from '#lab/web/dom.ts'
import { hashOf } from '#lab/web/route.ts'
import { chapterAt, type Chapter } from './chapters.ts'
import { stateOf, type ChapterState, type Progress } from './progress.ts'
import './contents.css'

const LEAD = 'Each chapter makes one claim about containers, and lets you see on this machine whether it is true. ' +
  'Commands can be typed in a terminal; experiments can also be run in the page.'

const states: Record<ChapterState, { words: string, shape: string }> = {
  not_begun: { words: 'not begun', shape: 'never' },
  begun: { words: 'begun', shape: 'running' },
  done: { words: 'done', shape: 'holds' }
}

interface Contents {
  element: HTMLElement
  update: (progress: Progress) => void
  /** What people say about containers, once it is loaded. */
  showSayings: (html: string) => void
}

/** All chapters, with how far somebody has come. */
export function createContents (chapters: Chapter[]): Contents {
  const heading = el('h2', '', 'Learn')
  heading.tabIndex = -1
  const tally = el('p', 'aside')
  const on = el('p', 'on')
  const list = el('ol', 'panel')
  const none = el('p', 'nothing', 'This page was built without the tutorial.')
  none.hidden = chapters.length > 0
  const sayings = el('div', 'sayings prose')
  const element = el('section', 'contents', el('div', 'head', heading, tally), el('p', 'lead', LEAD), on, none, list,
    sayings)

  return {
    element,
    update (progress) {
      const done = chapters.filter(chapter => stateOf(progress, chapter) === 'done').length
      setText(tally, `${done} of ${chapters.length} done`)
      showPlace(on, chapters, progress)
      for (const [i, row] of keepChildren(list, chapters, ({ slug }) => slug, rowOf).entries()) {
        showState(row.querySelector<HTMLElement>('.chapter-state')!, stateOf(progress, chapters[i]!))
      }
    },
    // The text is ours: the build has made it of the tutorial.
    showSayings (html) { sayings.innerHTML = html }
  }
}

/** A link to where reading goes on. */
function showPlace (host: HTMLElement, chapters: Chapter[], { place }: Progress): void {
  const chapter = chapterAt(chapters, place?.chapter ?? null)
  host.hidden = chapter === null
  if (chapter === null || place === null) return
  const section = chapter.sections.find(({ id }) => id === place.heading)
  const words = `${chapter.number}. ${chapter.title}${section ? `, ${section.title}` : ''}`
  if (host.dataset['words'] === words) return
  host.dataset['words'] = words
  const link = el('a', '', words)
  link.href = hashOf({ view: 'learn', chapter: chapter.slug, heading: place.heading })
  host.replaceChildren('Go on reading: ', link)
}

function rowOf ({ slug, number, title, minutes, needs }: Chapter): HTMLElement {
  const link = el('a', '', title)
  link.href = hashOf({ view: 'learn', chapter: slug, heading: null })
  const facts = `${minutes}\u00a0minutes${needs.length === 0 ? '' : `, needs ${needs.join(', ')}`}`
  return el('li', '', el('span', 'number', String(number)), link, el('span', 'facts', facts),
    el('span', 'run-status chapter-state'))
}

function showState (host: HTMLElement, state: ChapterState): void {
  const { words, shape: name } = states[state]
  if (host.dataset['state'] === state) return
  host.dataset['state'] = state
  host.replaceChildren(shape(name), words)
}
