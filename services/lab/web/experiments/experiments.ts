/** The views of experiments: all of them by their questions, or the sheet of one. */
import { el } from '#lab/web/dom.ts'
import { styleIn } from '#lab/web/live/charts.ts'
import type { Navigation } from '#lab/web/navigation.ts'
import { hashOf, type Route } from '#lab/web/route.ts'
import { runOf } from '#lab/web/state/runs.ts'
import { servicesOf, type State } from '#lab/web/state/state.ts'
import type { ExperimentView, RunView } from '#lab/wire/experiments.ts'
import { createList } from './list.ts'
import { createDesk } from './runs-loader.ts'
import { createSheet, type SheetView } from './sheet.ts'

/** The stream tells what a run changes; a stream that was lost meanwhile did not. */
const ASK_AGAIN_MS = 5000

type SheetRoute = Extract<Route, { view: 'experiment' }>

export interface Experiments {
  refresh: () => Promise<void>
  hear: (run: RunView) => void
  show: (route: Extract<Route, { view: 'experiments' }> | SheetRoute) => void
}

export function createExperiments (hosts: { list: HTMLElement, sheet: HTMLElement }, state: State, navigation: Navigation, changed: () => void): Experiments {
  const { runs } = state
  const desk = createDesk(state, changed)
  const list = createList(hosts.list)
  let sheet: (ReturnType<typeof createSheet> & { id: string }) | null = null

  async function start (experiment: string, prediction: string | null): Promise<string | null> {
    const from = navigation.route()
    const run = await desk.start(experiment, prediction)
    if ('refusal' in run) return run.refusal
    // Who went elsewhere meanwhile stays there.
    if (navigation.route() === from) navigation.replace({ view: 'experiment', id: experiment, runId: run.id })
    return null
  }

  function showSheet (experiment: ExperimentView, { id, runId }: SheetRoute): void {
    const { running } = runs
    // It is shown there, and comes back here with its address.
    if (runId === null && running?.experiment === id) { navigation.replace({ view: 'experiment', id, runId: running.id }); return }
    if (sheet?.id !== id) {
      sheet = { id, ...createSheet(experiment, { start: prediction => start(id, prediction), cancel: desk.cancel }) }
      hosts.sheet.replaceChildren(sheet.element)
    }
    const view = sheetView(id, runId)
    if (runId !== null && view.run?.state !== 'running') desk.wantReadings(runId)
    sheet.update(view)
    navigation.entitle(experiment.title)
  }

  function sheetView (id: string, runId: string | null): SheetView {
    const run = runId === null ? null : runOf(runs, runId)
    const busyWith = runs.experiments?.find(experiment => experiment.id === runs.running?.experiment) ?? null
    const style = styleIn(servicesOf(state))
    return {
      run,
      isLost: runId !== null && run === null ? desk.lossOf(runId) : null,
      recording: runs.opened !== null && runs.opened.id === runId ? runs.opened.recording : null,
      busyWith,
      runs: runs.runs.filter(({ experiment }) => experiment === id),
      phases: runs.phases,
      columns: state.columns,
      now: state.sample,
      styleOf: service => style({ service, name: service })
    }
  }

  /** Instead of a sheet. */
  function say (words: string): void {
    navigation.entitle('Experiment')
    if (sheet === null && hosts.sheet.firstElementChild?.textContent === words) return
    const back = el('a', 'back', 'All experiments')
    back.href = hashOf({ view: 'experiments' })
    hosts.sheet.replaceChildren(el('p', 'nothing', words), back)
    sheet = null
  }

  setInterval(() => {
    if (state.connection !== 'live') return
    const isWanted = ['experiments', 'experiment'].includes(navigation.route().view)
    if (runs.running !== null) desk.lookAgain()
    else if (isWanted && runs.fault !== null) desk.refresh()
  }, ASK_AGAIN_MS)

  return {
    refresh: desk.refresh,
    hear: desk.hear,
    show (route) {
      desk.wantRuns()
      if (route.view === 'experiments') {
        list.update({ experiments: runs.experiments, runs: runs.isComplete ? runs.runs : null, fault: runs.fault })
        navigation.entitle('Experiments')
        return
      }
      const experiment = runs.experiments?.find(({ id }) => id === route.id)
      if (experiment) showSheet(experiment, route)
      else say(runs.experiments === null ? runs.fault ?? 'Asking the lab for this experiment.' : `There is no experiment “${route.id}”.`)
    }
  }
}
