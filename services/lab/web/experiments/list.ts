import { formatMoment } from '#lab/format.ts'
import { el, keepChildren, prose, setText } from '#lab/web/dom.ts'
import { hashOf } from '#lab/web/route.ts'
import type { ExperimentView, RunView } from '#lab/wire/experiments.ts'
import { foresightWords, latestOf, standingOf, tallyWords } from './run-words.ts'
import { showStanding } from './standing.ts'
import { byTopic, type Topic } from './topics.ts'
import './list.css'

export interface ListView {
  experiments: ExperimentView[] | null
  /** `null`: not known. */
  runs: RunView[] | null
  fault: string | null
}

/** Every experiment by its question, and what its latest run said. */
export function createList (host: HTMLElement): { update (view: ListView): void } {
  const heading = el('h2', '', 'Experiments')
  heading.tabIndex = -1
  const tally = el('p', 'aside')
  const topics = el('div', 'topics')
  const note = el('p', 'nothing')
  note.setAttribute('role', 'status')
  host.append(el('div', 'head', heading, tally),
    el('p', 'lead', 'Say first what will happen. Then let it happen, and see what the kernel counted.'), note, topics)

  return {
    update ({ experiments, runs, fault }) {
      const known = experiments ?? []
      setText(note, fault ?? (experiments === null ? 'Asking the lab which experiments there are.' : ''))
      note.hidden = note.textContent === ''
      setText(tally, runs === null || known.length === 0 ? '' : tallyWords(known.map(({ id }) => standingOf(latestOf(runs, id)))))
      const shown = byTopic(known)
      for (const [i, section] of keepChildren(topics, shown, ({ title }) => title, topicSection).entries()) {
        const list = section.querySelector('ul')!
        for (const [k, row] of keepChildren(list, shown[i]!.experiments, ({ id }) => id, experimentRow).entries()) {
          showLatest(row, runs === null ? undefined : latestOf(runs, shown[i]!.experiments[k]!.id))
        }
      }
    }
  }
}

function topicSection ({ title }: Topic<ExperimentView>): HTMLElement {
  const heading = el('h3', '', title)
  heading.id = `topic-${title.toLowerCase()}`
  const section = el('section', '', heading, el('ul', 'panel'))
  section.setAttribute('aria-labelledby', heading.id)
  return section
}

function experimentRow ({ id, title, question, seconds }: ExperimentView): HTMLElement {
  const link = el('a', 'question', ...prose(question))
  link.href = hashOf({ view: 'experiment', id, runId: null })
  return el('li', '', el('div', 'what', link, el('p', 'title', `${title} · about ${seconds}\u00a0s`)),
    el('div', 'latest', el('p', 'standing'), el('p', 'when'), el('p', 'when')))
}

/** `undefined`: nobody can say. */
function showLatest (row: HTMLElement, latest: RunView | null | undefined): void {
  const [standing, when, foresight] = [...row.querySelector('.latest')!.children] as [HTMLElement, HTMLElement, HTMLElement]
  standing.hidden = latest === undefined
  if (latest !== undefined) showStanding(standing, latest)
  setText(when, latest ? formatMoment(latest.startedAt) : '')
  setText(foresight, latest?.verdict && latest.prediction !== null ? foresightWords(latest) : '')
}
