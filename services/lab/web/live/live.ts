/** The live view: its panels, and how often each is drawn, which is never more often than a reader could see. */
import { isAttached } from '#lab/web/container-words.ts'
import { byId } from '#lab/web/dom.ts'
import type { Why } from '#lab/web/learn/why.ts'
import { inOrder, shortName } from '#lab/web/order.ts'
import {
  pause,
  selectContainer,
  servicesOf,
  shownColumns,
  showAll,
  showService,
  type State
} from '#lab/web/state/state.ts'
import { createAbsent } from './absent.ts'
import { createBeliefs } from './beliefs.ts'
import { createCards } from './cards.ts'
import { createCharts } from './charts.ts'
import { createEvents } from './events.ts'
import { createJobs } from './jobs.ts'
import { createMemory } from './memory.ts'
import { DIGITS_MS, pacer } from './pace.ts'
import { createTools, type ToolsListeners } from './tools.ts'

/** A line moves by about a pixel in this part of the window. */
const PIXELS = 600

export function createLive (state: State, why: Why): { update (isAsked: boolean): void } {
  const cards = createCards(byId('containers'), why, id => {
    selectContainer(state, id)
    showNow()
  })
  const charts = createCharts(byId('charts'), why)
  const jobs = createJobs(byId('jobs'))
  const events = createEvents(byId('events'))
  const memory = createMemory(byId('memory'))
  const beliefs = createBeliefs(byId('beliefs'))
  const absent = [
    createAbsent(byId('jobs'), 'Jobs are the work of the API and the worker of limits-lab, which this project does not have.'),
    createAbsent(byId('beliefs'), 'Only the API and the worker of limits-lab can be asked this, which this project does not have.')
  ]
  const tools = createTools(byId('tools'), toolsListeners(state, showNow))
  const isTimeForCards = pacer()
  const isTimeForCharts = pacer()

  function update (isAsked: boolean): void {
    const { hello, sample, limits, selection, windowSeconds } = state
    const isAtOnce = reveal(sample !== null) || isAsked
    const services = servicesOf(state)
    const project = hello?.project ?? ''
    const containers = inOrder(sample?.containers ?? [], services)
    const selected = containers.find(({ id }) => id === selection.containerId)
    const selectedName = selected ? shortName(selected.name, project) : null
    tools.update({ services, selection, selectedName, isPaused: state.pausedColumns !== null })
    events.update(state.events, project)
    beliefs.update(state.beliefs, containers)
    if (state.jobs) jobs.update(state.jobs)
    for (const part of absent) part.update(hello)
    byId('queue').hidden = isAttached(hello)
    if (isTimeForCards(DIGITS_MS, isAtOnce)) {
      cards.update({ containers, services, hello, limits, selection })
      const worker = containers.find(({ service }) => service === 'worker')
      memory.update(selected ?? worker ?? containers[0] ?? null, project)
    }
    if (isTimeForCharts(windowSeconds * 1000 / PIXELS, isAtOnce)) {
      charts.update({ columns: shownColumns(state), services, project, selection, windowSeconds }, isAtOnce)
    }
  }

  function showNow (): void { update(true) }

  return { update }
}

function toolsListeners (state: State, showNow: () => void): ToolsListeners {
  return {
    window (seconds) {
      state.windowSeconds = seconds
      showNow()
    },
    pause () {
      pause(state)
      showNow()
    },
    service (service, isShown) {
      showService(state, service, isShown)
      showNow()
    },
    all () {
      showAll(state)
      showNow()
    }
  }
}

/**
 * Shows the panels from the first sample on. Before it their size is not known, and panels shown earlier would have to
 * move. Returns whether they have just appeared.
 */
function reveal (hasSample: boolean): boolean {
  const wasHidden = byId('live-panels').hidden
  byId('live-panels').hidden = !hasSample
  byId('waiting').hidden = hasSample
  return wasHidden && hasSample
}
