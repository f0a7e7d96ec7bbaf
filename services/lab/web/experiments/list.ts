import { formatMoment } from '#lab/format.ts'
import { el, keepChildren, prose, setText } from '#lab/web/dom.ts'
import { hashOf } from '#lab/web/route.ts'
import type { ExperimentView, RunView } from '#lab/wire/experiments.ts'
import { latestOf, predictionWords, runStatus, tallyWords } from './run-words.ts'
import { byTopic, type Topic } from './topics.ts'
import { showRunStatus } from './verdict.ts'
import './list.css'

export interface ListView {
  experiments: ExperimentView[] | null
  /** `null`: not known. */
  runs: RunView[] | null
  fault: string | null
}

const LEAD = 'First predict what will happen. Then let it happen, and see what the kernel counted.'

/** Every experiment by its question, with the result of its latest run. */
export function createList (host: HTMLElement): { update (view: ListView): void } {
  const heading = el('h2', '', 'Experiments')
  heading.tabIndex = -1
  const tally = el('p', 'aside')
  const topics = el('div', 'topics')
  const note = el('p', 'nothing')
  note.setAttribute('role', 'status')
  host.append(el('div', 'head', heading, tally), el('p', 'lead', LEAD), note, topics)

  return {
    update ({ experiments, runs, fault }) {
      const known = experiments ?? []
      setText(note, fault ?? (experiments === null ? 'Asking the lab which experiments there are.' : ''))
      note.hidden = note.textContent === ''
      setText(tally, runs === null || known.length === 0 ? '' : tallyOf(known, runs))
      showTopics(topics, known, runs)
    }
  }
}

function tallyOf (experiments: ExperimentView[], runs: RunView[]): string {
  return tallyWords(experiments.map(({ id }) => runStatus(latestOf(runs, id))))
}

function showTopics (host: HTMLElement, experiments: ExperimentView[], runs: RunView[] | null): void {
  const topics = byTopic(experiments)
  for (const [i, section] of keepChildren(host, topics, ({ title }) => title, topicSection).entries()) {
    const own = topics[i]!.experiments
    const rows = keepChildren(section.querySelector('ul')!, own, ({ id }) => id, experimentRow)
    for (const [k, row] of rows.entries()) showLatest(row, runs === null ? undefined : latestOf(runs, own[k]!.id))
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
    el('div', 'latest', el('p', 'run-status'), el('p', 'when'), el('p', 'when')))
}

/** `undefined`: the runs are not known. */
function showLatest (row: HTMLElement, latest: RunView | null | undefined): void {
  const [status, when, prediction] = [...row.querySelector('.latest')!.children] as [
    HTMLElement,
    HTMLElement,
    HTMLElement
  ]
  status.hidden = latest === undefined
  if (latest !== undefined) showRunStatus(status, latest)
  setText(when, latest ? formatMoment(latest.startedAt) : '')
  setText(prediction, latest?.verdict && latest.prediction !== null ? predictionWords(latest) : '')
}
