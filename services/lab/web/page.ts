/** The views, of which one is drawn at a time, and not at all while nobody looks. */
import type { RunView } from '../runs/wire.ts'
import { byId } from './dom.ts'
import { createExperiments } from './experiments/experiments.ts'
import { createLive } from './live.ts'
import { createNavigation } from './navigation.ts'
import { createDoing } from './panels/doing.ts'
import { createHeader } from './panels/header.ts'
import type { State } from './state.ts'
import { hashOf } from './view/route.ts'

export interface Page {
  update: () => void
  /** A stream was opened: what it does not tell has to be asked for. */
  refresh: () => void
  hearRun: (run: RunView) => void
}

export function createPage (state: State): Page {
  const navigation = createNavigation(() => { show(true) })
  const header = createHeader(byId('header'))
  const doing = createDoing(byId('doing'))
  const live = createLive(state)
  const experiments = createExperiments({ list: byId('view-experiments'), sheet: byId('view-experiment') }, state, navigation, update)
  let isWaiting = false

  function show (isAsked: boolean): void {
    const route = navigation.route()
    header.update(state)
    doing.update(doingOf(state))
    if (route.view === 'live') live.update(isAsked)
    else if (route.view !== 'load') experiments.show(route)
    if (route.view === 'live') navigation.entitle('')
  }

  function update (): void {
    if (isWaiting) return
    isWaiting = true
    requestAnimationFrame(() => { isWaiting = false; show(false) })
  }

  return { update, refresh: experiments.refresh, hearRun: experiments.hear }
}

function doingOf ({ runs: { running, experiments } }: State): { title: string, href: string } | null {
  const experiment = experiments?.find(({ id }) => id === running?.experiment)
  return running && experiment ? { title: experiment.title, href: hashOf({ view: 'experiment', id: experiment.id, runId: running.id }) } : null
}
