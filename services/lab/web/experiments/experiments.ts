/** The views of experiments: the list of all by their questions, and the sheet of one. */
import { isAttached } from '#lab/web/container-words.ts'
import { el } from '#lab/web/dom.ts'
import { chapterOn, type Chapter } from '#lab/web/learn/chapters.ts'
import type { Navigation } from '#lab/web/navigation.ts'
import { hashOf, type Route } from '#lab/web/route.ts'
import type { State } from '#lab/web/state/state.ts'
import type { ExperimentView } from '#lab/wire/experiments.ts'
import { createList } from './list.ts'
import type { RunsLoader } from './runs-loader.ts'
import { sheetView } from './run-view.ts'
import { createSheet } from './sheet.ts'

/** The stream reports every change of a run, but not those made while it was away. */
const ASK_AGAIN_MS = 5000

const NOT_HERE = 'Beside another project no experiment can run: each is about the API, the worker and the stores of limits-lab.'

type SheetRoute = Extract<Route, { view: 'experiment' }>

export interface Experiments {
  show: (route: Extract<Route, { view: 'experiments' }> | SheetRoute) => void
}

export function createExperiments (
  hosts: { list: HTMLElement, sheet: HTMLElement }, state: State, navigation: Navigation, loader: RunsLoader,
  chapters: Chapter[]
): Experiments {
  const { runs } = state
  const list = createList(hosts.list)
  const sheet = createSheetView(hosts.sheet, state, navigation, loader, chapters)

  function showList (): void {
    const fault = runs.fault ?? (isAttached(state.hello) ? NOT_HERE : null)
    list.update({ experiments: runs.experiments, runs: runs.isComplete ? runs.runs : null, fault })
    navigation.setTitle('Experiments')
  }

  setInterval(() => {
    if (state.connection !== 'live') return
    const isInView = ['experiments', 'experiment', 'learn'].includes(navigation.route().view)
    if (runs.running !== null) loader.refreshRunning()
    else if (isInView && runs.fault !== null) loader.refresh()
  }, ASK_AGAIN_MS)

  return {
    show (route) {
      loader.ensureRuns()
      if (route.view === 'experiments') showList()
      else sheet.show(route)
    }
  }
}

/** Shows the sheet of the experiment in the address, or a sentence about why there is none. */
function createSheetView (
  host: HTMLElement, state: State, navigation: Navigation, loader: RunsLoader, chapters: Chapter[]
): { show (route: SheetRoute): void } {
  const { runs } = state
  let sheet: (ReturnType<typeof createSheet> & { id: string }) | null = null

  function showSheet (experiment: ExperimentView, { id, runId }: SheetRoute): void {
    if (sheet?.id !== id) {
      const start = (prediction: string | null) => startRun(navigation, loader, id, prediction)
      sheet = { id, ...createSheet(experiment, chapterOn(chapters, id), { start, cancel: loader.cancel }) }
      host.replaceChildren(sheet.element)
    }
    const view = sheetView(state, loader, id, runId)
    if (runId !== null && view.run?.state !== 'running') loader.ensureReadings(runId)
    sheet.update(view)
    navigation.setTitle(experiment.title)
  }

  function showSentence (text: string): void {
    navigation.setTitle('Experiment')
    if (sheet === null && host.firstElementChild?.textContent === text) return
    const back = el('a', 'back', 'All experiments')
    back.href = hashOf({ view: 'experiments' })
    host.replaceChildren(el('p', 'nothing', text), back)
    sheet = null
  }

  return {
    show (route) {
      const { id, runId } = route
      const { running } = runs
      const experiment = runs.experiments?.find(experiment => experiment.id === id)
      if (!experiment) showSentence(whyNoSheet(state, id))
      // `replace` comes back here, with the address of the run.
      else if (runId === null && running?.experiment === id) navigation.replace({ ...route, runId: running.id })
      else showSheet(experiment, route)
    }
  }
}

async function startRun (
  navigation: Navigation, loader: RunsLoader, experiment: string, prediction: string | null
): Promise<string | null> {
  const from = navigation.route()
  const run = await loader.start(experiment, prediction)
  if ('refusal' in run) return run.refusal
  // Somebody who has gone to another view meanwhile stays there.
  if (navigation.route() === from) navigation.replace({ view: 'experiment', id: experiment, runId: run.id })
  return null
}

function whyNoSheet ({ runs }: State, id: string): string {
  if (runs.experiments === null) return runs.fault ?? 'Asking the lab for this experiment.'
  return `There is no experiment “${id}”.`
}
