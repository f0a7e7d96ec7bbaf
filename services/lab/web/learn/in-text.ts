/** An experiment in the text of a chapter: predicted, run and judged where the chapter runs it. */
import { el, setText } from '#lab/web/dom.ts'
import { createExperimentPanel, type ExperimentPanel } from '#lab/web/experiments/experiment-panel.ts'
import { panelView } from '#lab/web/experiments/run-view.ts'
import type { RunsLoader } from '#lab/web/experiments/runs-loader.ts'
import { newsOf } from '#lab/web/experiments/sheet.ts'
import { runOf } from '#lab/web/state/runs.ts'
import type { State } from '#lab/web/state/state.ts'
import type { ExperimentView, Recording, RunView } from '#lab/wire/experiments.ts'

const AWAITED = 'The verdict will be here when the run has ended.'

export interface InTextListeners {
  /** Another run is shown; `null`: the place is free again. */
  shown: (runId: string | null) => void
  changed: () => void
}

/** `host`: the place in the text, which holds the same as commands. `key`: tells it from the others on the page. */
export class InText {
  readonly element: HTMLElement
  readonly experiment: string
  /** The run that is shown. It may not be known yet, or no longer. */
  runId: string | null
  isStarting = false
  readonly #key: string
  readonly #state: State
  readonly #loader: RunsLoader
  readonly #listeners: InTextListeners
  readonly #news = el('p', 'hidden')
  #panel: ExperimentPanel | null = null
  #recording: Recording | null = null

  constructor (
    host: HTMLElement, key: string, runId: string | null, state: State, loader: RunsLoader, listeners: InTextListeners
  ) {
    this.element = host
    this.experiment = host.dataset['experiment']!
    this.runId = runId
    this.#key = key
    this.#state = state
    this.#loader = loader
    this.#listeners = listeners
    this.#news.setAttribute('role', 'status')
  }

  /** Shows this run from now on. */
  show (runId: string | null): void {
    this.runId = runId
    this.#recording = null
    this.#listeners.shown(runId)
    this.#listeners.changed()
    this.update()
  }

  update (): void {
    const experiment = this.#state.runs.experiments?.find(({ id }) => id === this.experiment)
    if (!experiment) return
    this.#panel ??= this.#mount(experiment)
    const view = panelView(this.#state, this.runId)
    this.#recording = view.recording ?? this.#recording
    if (this.runId !== null && view.run?.state !== 'running' && this.#recording === null) {
      this.#loader.ensureReadings(this.runId)
    }
    this.#panel.update({ ...view, recording: this.#recording })
    setText(this.#news, newsOf(view.run))
  }

  /** The run that is shown, if it has come to its end. */
  finished (): RunView | null {
    const run = this.runId === null ? null : runOf(this.#state.runs, this.runId)
    return run?.state === 'finished' ? run : null
  }

  #mount (experiment: ExperimentView): ExperimentPanel {
    const start = (prediction: string | null) => this.#start(prediction)
    const panel = createExperimentPanel(experiment, { start, cancel: this.#loader.cancel }, {
      key: `-${this.#key}`, heading: 'h4', again: this.#again(), awaited: AWAITED, aside: []
    })
    const terminal = this.element.querySelector('details')!
    terminal.open = false
    setText(terminal.querySelector('summary')!, 'The same in a terminal')
    this.element.prepend(el('div', 'in-text', panel.element, panel.verdict, this.#news))
    return panel
  }

  #again (): HTMLElement {
    const button = el('button', '', 'Predict and run again')
    button.type = 'button'
    button.addEventListener('click', () => {
      this.show(null)
      this.element.querySelector('input')?.focus()
    })
    return button
  }

  async #start (prediction: string | null): Promise<string | null> {
    this.isStarting = true
    const run = await this.#loader.start(this.experiment, prediction)
    this.isStarting = false
    if ('refusal' in run) return run.refusal
    this.show(run.id)
    return null
  }
}

/** A run that was started elsewhere, in a terminal perhaps, is shown at the first place that is free for it. */
export function placeRunning (places: InText[], { runs: { running } }: State): void {
  const isPlaced = places.some(({ isStarting, runId }) => isStarting || runId === running?.id)
  if (running === null || isPlaced) return
  places.find(({ experiment, runId }) => experiment === running.experiment && runId === null)?.show(running.id)
}
