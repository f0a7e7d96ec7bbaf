/** The views, of which one is drawn at a time, and not at all while nobody looks. */
import { createExperiments } from '#lab/web/experiments/experiments.ts'
import { createLive } from '#lab/web/live/live.ts'
import { pathWords } from '#lab/web/load/load-words.ts'
import { createLoads } from '#lab/web/load/loads.ts'
import { runningLoad } from '#lab/web/state/loads.ts'
import type { State } from '#lab/web/state/state.ts'
import type { RunView } from '#lab/wire/experiments.ts'
import type { LoadView } from '#lab/wire/load.ts'
import { createDoing } from './doing.ts'
import { byId } from './dom.ts'
import { createHeader } from './header.ts'
import { createNavigation } from './navigation.ts'
import { hashOf } from './route.ts'

export interface Page {
  update: () => void
  /** A stream was opened: what it does not tell has to be asked for. */
  refresh: () => void
  hearRun: (run: RunView) => void
  hearLoad: (load: LoadView) => void
}

export function createPage (state: State): Page {
  const navigation = createNavigation(() => { show(true) })
  const header = createHeader(byId('header'))
  const doing = createDoing(byId('doing'))
  const live = createLive(state)
  const experiments = createExperiments({ list: byId('view-experiments'), sheet: byId('view-experiment') }, state, navigation, update)
  const loads = createLoads(byId('view-load'), state, navigation, update)
  let isWaiting = false

  function show (isAsked: boolean): void {
    const route = navigation.route()
    const experiment = runningExperiment(state)
    header.update(state)
    doing.update(experiment ?? runningLoadOf(state))
    if (route.view === 'load') loads.show(route, experiment)
    else if (route.view !== 'live') experiments.show(route)
    else {
      live.update(isAsked)
      navigation.entitle('')
    }
  }

  function update (): void {
    if (isWaiting) return
    isWaiting = true
    requestAnimationFrame(() => { isWaiting = false; show(false) })
  }

  return { update, refresh: () => { experiments.refresh(); loads.refresh() }, hearRun: experiments.hear, hearLoad: loads.hear }
}

interface Doing { title: string, href: string }

function runningExperiment ({ runs: { running, experiments } }: State): Doing | null {
  const experiment = experiments?.find(({ id }) => id === running?.experiment)
  return running && experiment ? { title: experiment.title, href: hashOf({ view: 'experiment', id: experiment.id, runId: running.id }) } : null
}

function runningLoadOf ({ loads }: State): Doing | null {
  const load = runningLoad(loads)
  return load && { title: `load on ${pathWords(load.spec)}`, href: hashOf({ view: 'load', id: load.id }) }
}
