/** The view of the tutorial: the list of its chapters, or one of them. */
import { el } from '#lab/web/dom.ts'
import type { RunsLoader } from '#lab/web/experiments/runs-loader.ts'
import { focusHeading, type Navigation } from '#lab/web/navigation.ts'
import type { Route } from '#lab/web/route.ts'
import type { State } from '#lab/web/state/state.ts'
import { createChapter, type ChapterView } from './chapter.ts'
import { chapterAt, type Chapter } from './chapters.ts'
import { createContents } from './contents.ts'
import type { Kept } from './kept.ts'
import { doneOf, withChapter } from './progress.ts'
import { headingOf, placeIn, scrollToPlace } from './reading.ts'
import { loadSayings, loadText } from './tutorial.ts'

type LearnRoute = Extract<Route, { view: 'learn' }>

/** Somebody who scrolls up to leave does not read on there. */
const DWELL_MS = 2000

export interface LearnParts {
  chapters: Chapter[]
  state: State
  navigation: Navigation
  loader: RunsLoader
  kept: Kept
  changed: () => void
}

export function createLearn (
  host: HTMLElement, parts: LearnParts
): { show (route: LearnRoute, isAsked: boolean): void } {
  const { chapters, state, navigation, loader, kept } = parts
  const contents = createContents(chapters)
  const shelf = createShelf(parts)
  const first = navigation.route()
  let arrivedAt: LearnRoute | null = null
  let open: ChapterView | null = null
  let areSayingsAsked = false
  if (first.view === 'learn') history.scrollRestoration = 'manual'

  function show (route: LearnRoute, isAsked: boolean): void {
    const chapter = chapterAt(chapters, route.chapter)
    if (chapter === null) showContents(route)
    else showChapter(chapter, route, isAsked)
  }

  function showContents (route: LearnRoute): void {
    open = null
    contents.update(kept.read())
    showSayings()
    put(host, contents.element)
    navigation.setTitle('Learn')
    if (arrivedAt !== route && route !== first) focusHeading(host)
    arrivedAt = route
  }

  async function showSayings (): Promise<void> {
    if (areSayingsAsked) return
    areSayingsAsked = true
    const html = await loadSayings()
    if (html !== null) contents.showSayings(html)
  }

  function showChapter (chapter: Chapter, route: LearnRoute, isAsked: boolean): void {
    navigation.setTitle(`${chapter.number}. ${chapter.title}`)
    if (chapter.experiments.length > 0) loader.ensureRuns()
    open = isReady(state) ? shelf.take(chapter) : null
    if (open === null) {
      put(host, el('p', 'nothing', shelf.fault(chapter) ?? 'Opening the chapter.'))
      return
    }
    const isArriving = arrivedAt !== route
    arrivedAt = route
    open.update(isAsked || isArriving)
    put(host, open.element)
    if (isArriving) arrive(open, chapter, route)
  }

  function arrive ({ headings, element }: ChapterView, { slug }: Chapter, route: LearnRoute): void {
    kept.change(progress => slug in progress.chapters ? progress : withChapter(progress, slug, doneOf(progress, slug)))
    const top = element.querySelector('h2')!
    const { place } = kept.read()
    const heading = headings.find(one => headingOf(one) === route.heading)
    if (route === first && place?.chapter === slug && (isReload() || !heading)) scrollToPlace(place, headings, top)
    else if (heading) heading.scrollIntoView()
    if (route !== first) focusHeading(host, heading ?? top)
    keepPlace()
  }

  function keepPlace (): void {
    const { chapter } = arrivedAt ?? {}
    if (open === null || !chapter || navigation.route() !== arrivedAt) return
    const place = placeIn(chapter, open.headings, open.element.querySelector('h2')!)
    kept.change(progress => ({ ...progress, place }))
  }

  whenScrolled(keepPlace)
  return { show }
}

/** The texts that were opened, which stay as they are while another one is read. */
function createShelf ({ chapters, state, loader, kept, changed }: LearnParts) {
  const views = new Map<string, ChapterView>()
  const faults = new Map<string, string>()
  const loading = new Set<string>()

  async function load (chapter: Chapter): Promise<void> {
    const { slug } = chapter
    loading.add(slug)
    const html = await loadText(slug)
    if (html === null) faults.set(slug, 'The chapter cannot be loaded. If the lab was built anew, reload this page.')
    else views.set(slug, createChapter(chapter, html, { chapters, state, loader, kept, changed }))
    changed()
  }

  return {
    take (chapter: Chapter): ChapterView | null {
      const view = views.get(chapter.slug) ?? null
      if (view === null && !loading.has(chapter.slug)) load(chapter)
      return view
    },
    fault: ({ slug }: Chapter): string | null => faults.get(slug) ?? null
  }
}

/** Experiments and versions of cgroup are known, so that nothing in the text has to move later. */
function isReady ({ hello, connection, runs }: State): boolean {
  const isKnown = hello !== null && (runs.experiments !== null || runs.fault !== null)
  return isKnown || connection === 'lost' || connection === 'silent'
}

function isReload (): boolean {
  const [how] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  return how?.type === 'reload' || how?.type === 'back_forward'
}

function put (host: HTMLElement, element: HTMLElement): void {
  const shown = host.firstElementChild
  const isSame = shown === element || (element.className === 'nothing' && shown?.textContent === element.textContent)
  if (!isSame) host.replaceChildren(element)
}

function whenScrolled (keep: () => void): void {
  let timer = 0
  addEventListener('scroll', () => {
    clearTimeout(timer)
    timer = setTimeout(keep, DWELL_MS)
  }, { passive: true })
  addEventListener('pagehide', keep)
}
