/** What one browser has read and done of the tutorial. Pure. */
import type { Chapter } from './chapters.ts'

export interface Progress {
  /** Where reading goes on: the last heading above, and how far above the top of the window it is. */
  place: { chapter: string, heading: string | null, abovePx: number } | null
  /** Whether the tour was offered and declined. */
  isDeclined: boolean
  /** By the name of the chapter: those that were opened. */
  chapters: Record<string, Done>
}

export interface Done {
  hasReachedEnd: boolean
  /** The experiments that were run to their end. */
  ran: string[]
  /** For each place in its text at which an experiment is run, the run that is shown there. */
  shown: Record<string, string>
  /** What the reader says; `null`: nothing, so that what was done decides. */
  isTicked: boolean | null
}

export type ChapterState = 'not_begun' | 'begun' | 'done'

export const noProgress: Progress = { place: null, isDeclined: false, chapters: {} }

export function stateOf (
  { chapters }: Progress, { slug, experiments }: Pick<Chapter, 'slug' | 'experiments'>
): ChapterState {
  const done = chapters[slug]
  if (!done) return 'not_begun'
  const isDone = done.isTicked ?? (done.hasReachedEnd && experiments.every(experiment => done.ran.includes(experiment)))
  return isDone ? 'done' : 'begun'
}

/** On a first visit only: never again after “No”, or after a chapter was opened. */
export function isTourOffered ({ isDeclined, chapters }: Progress): boolean {
  return !isDeclined && Object.keys(chapters).length === 0
}

export function doneOf ({ chapters }: Progress, slug: string): Done {
  return chapters[slug] ?? { hasReachedEnd: false, ran: [], shown: {}, isTicked: null }
}

/** `change`: `{}` when the chapter is opened. */
export function withChapter (progress: Progress, slug: string, change: Partial<Done>): Progress {
  return { ...progress, chapters: { ...progress.chapters, [slug]: { ...doneOf(progress, slug), ...change } } }
}

export function withRan (progress: Progress, slug: string, experiment: string): Progress {
  const { ran } = doneOf(progress, slug)
  return ran.includes(experiment) ? progress : withChapter(progress, slug, { ran: [...ran, experiment] })
}

/** `runId` null: the place is free again. */
export function withShown (progress: Progress, slug: string, place: string, runId: string | null): Progress {
  const { [place]: _before, ...others } = doneOf(progress, slug).shown
  return withChapter(progress, slug, { shown: runId === null ? others : { ...others, [place]: runId } })
}

/** What a browser has kept may be of another version, or anything. */
export function progressIn (text: string | null): Progress {
  const kept = parsed(text)
  if (!isRecord(kept)) return noProgress
  const chapters = isRecord(kept['chapters']) ? Object.entries(kept['chapters']) : []
  return {
    place: placeIn(kept['place']),
    isDeclined: kept['isDeclined'] === true,
    chapters: Object.fromEntries(chapters.map(([slug, done]) => [slug, doneIn(done)]))
  }
}

function parsed (text: string | null): unknown {
  try { return JSON.parse(text ?? 'null') } catch { return null }
}

function placeIn (place: unknown): Progress['place'] {
  if (!isRecord(place) || typeof place['chapter'] !== 'string') return null
  const { chapter, heading, abovePx } = place
  return {
    chapter,
    heading: typeof heading === 'string' ? heading : null,
    abovePx: typeof abovePx === 'number' && Number.isFinite(abovePx) ? abovePx : 0
  }
}

function doneIn (done: unknown): Done {
  const { hasReachedEnd, ran, shown, isTicked } = isRecord(done) ? done : {}
  const places = Object.entries(isRecord(shown) ? shown : {})
  return {
    hasReachedEnd: hasReachedEnd === true,
    ran: Array.isArray(ran) ? ran.filter(one => typeof one === 'string') : [],
    shown: Object.fromEntries(places.filter((place): place is [string, string] => typeof place[1] === 'string')),
    isTicked: typeof isTicked === 'boolean' ? isTicked : null
  }
}

function isRecord (value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
