/** The views. One is drawn at a time, and none while the page is in the background. */
import { createExperiments } from '#lab/web/experiments/experiments.ts'
import { createRunsLoader } from '#lab/web/experiments/runs-loader.ts'
import { chapterOn } from '#lab/web/learn/chapters.ts'
import { createKept } from '#lab/web/learn/kept.ts'
import { createLearn } from '#lab/web/learn/learn.ts'
import { createOffer } from '#lab/web/learn/offer.ts'
import { chapters } from '#lab/web/learn/tutorial.ts'
import { createLive } from '#lab/web/live/live.ts'
import { pathWords } from '#lab/web/load/load-words.ts'
import { createLoads } from '#lab/web/load/loads.ts'
import { runningLoad } from '#lab/web/state/loads.ts'
import type { State } from '#lab/web/state/state.ts'
import { runningSweep } from '#lab/web/state/sweeps.ts'
import { workWords } from '#lab/web/sweep/sweep-words.ts'
import { createSweeps } from '#lab/web/sweep/sweeps.ts'
import type { RunView } from '#lab/wire/experiments.ts'
import type { LoadView } from '#lab/wire/load.ts'
import type { SweepView } from '#lab/wire/sweep.ts'
import { byId } from './dom.ts'
import { createActivity, createHeader, type Activity } from './header.ts'
import { createNavigation } from './navigation.ts'
import { hashOf } from './route.ts'

export interface Page {
  update: () => void
  /** To be called when a stream was opened: asks for what the stream does not carry. */
  refresh: () => void
  onRunUpdate: (run: RunView) => void
  onLoadUpdate: (load: LoadView) => void
  onSweepUpdate: (sweep: SweepView) => void
}

export function createPage (state: State): Page {
  const navigation = createNavigation(() => { show(true) })
  const header = createHeader(byId('header'))
  const activity = createActivity(byId('activity'))
  const kept = createKept(() => localStorage)
  const live = createLive(state, experiment => chapterOn(chapters, experiment))
  const offer = createOffer(chapters, kept)
  const loader = createRunsLoader(state, update)
  const experimentHosts = { list: byId('view-experiments'), sheet: byId('view-experiment') }
  const experiments = createExperiments(experimentHosts, state, navigation, loader, chapters)
  const loads = createLoads(byId('view-load'), state, navigation, update)
  const sweeps = createSweeps(byId('view-sweep'), state, navigation, update)
  const learn = createLearn(byId('view-learn'), { chapters, state, navigation, loader, kept, changed: update })
  let isWaiting = false

  function show (isAsked: boolean): void {
    const route = navigation.route()
    const experiment = runningExperiment(state)
    header.update(state)
    const sweep = runningSweepOf(state)
    const load = runningLoadOf(state)
    activity.update(experiment ?? sweep ?? load)
    if (route.view === 'load') loads.show(route, experiment ?? sweep)
    else if (route.view === 'sweep') sweeps.show(route, experiment ?? load)
    else if (route.view === 'learn') learn.show(route, isAsked)
    else if (route.view !== 'live') experiments.show(route)
    else {
      if (isAsked) offer.update()
      live.update(isAsked)
      navigation.setTitle('')
    }
  }

  offer.update()

  function update (): void {
    if (isWaiting) return
    isWaiting = true
    requestAnimationFrame(() => {
      isWaiting = false
      show(false)
    })
  }

  function refresh (): void {
    loader.refresh()
    loads.refresh()
    sweeps.refresh()
  }

  return {
    update,
    refresh,
    onRunUpdate: loader.onRunUpdate,
    onLoadUpdate: loads.onLoadUpdate,
    onSweepUpdate: sweeps.onSweepUpdate
  }
}

function runningExperiment ({ runs: { running, experiments } }: State): Activity | null {
  const experiment = experiments?.find(({ id }) => id === running?.experiment)
  if (!running || !experiment) return null
  return { title: experiment.title, href: hashOf({ view: 'experiment', id: experiment.id, runId: running.id }) }
}

function runningLoadOf ({ loads }: State): Activity | null {
  const load = runningLoad(loads)
  return load && { title: `load on ${pathWords(load.spec)}`, href: hashOf({ view: 'load', id: load.id }) }
}

function runningSweepOf ({ sweeps }: State): Activity | null {
  const sweep = runningSweep(sweeps)
  return sweep && { title: `sweep of ${workWords(sweep.spec)}`, href: hashOf({ view: 'sweep', id: sweep.id }) }
}
