/** The view of this moment: its panels, and how often each is drawn: never more often than a reader could see. */
import { byId } from '#lab/web/dom.ts'
import { inOrder, shortName } from '#lab/web/order.ts'
import { pause, selectContainer, servicesOf, shownColumns, showAll, showService, type State } from '#lab/web/state/state.ts'
import { createBeliefs } from './beliefs.ts'
import { createCards } from './cards.ts'
import { createCharts } from './charts.ts'
import { createEvents } from './events.ts'
import { createJobs } from './jobs.ts'
import { createMemory } from './memory.ts'
import { createTools } from './tools.ts'

/** Digits that change more often cannot be read. */
const CARDS_MS = 450
/** A line moves by about a pixel in this part of the window. */
const PIXELS = 600

export function createLive (state: State): { update (isAsked: boolean): void } {
  const cards = createCards(byId('containers'), id => { selectContainer(state, id); showNow() })
  const charts = createCharts(byId('charts'))
  const jobs = createJobs(byId('jobs'))
  const events = createEvents(byId('events'))
  const memory = createMemory(byId('memory'))
  const beliefs = createBeliefs(byId('beliefs'))
  const tools = createTools(byId('tools'), {
    window: seconds => { state.windowSeconds = seconds; showNow() },
    pause: () => { pause(state); showNow() },
    service: (service, isShown) => { showService(state, service, isShown); showNow() },
    all: () => { showAll(state); showNow() }
  })
  const isTimeForCards = pacer()
  const isTimeForCharts = pacer()

  function update (isAsked: boolean): void {
    const { hello, sample, selection, windowSeconds } = state
    const isAtOnce = reveal(sample !== null) || isAsked
    const services = servicesOf(state)
    const project = hello?.project ?? ''
    const containers = inOrder(sample?.containers ?? [], services)
    const selected = containers.find(({ id }) => id === selection.containerId)
    tools.update({ services, selection, selectedName: selected ? shortName(selected.name, project) : null, isPaused: state.pausedColumns !== null })
    events.update(state.events, project)
    beliefs.update(state.beliefs, containers)
    if (state.jobs) jobs.update(state.jobs)
    if (isTimeForCards(CARDS_MS, isAtOnce)) {
      cards.update({ containers, services, hello, selection })
      memory.update(selected ?? containers.find(({ service }) => service === 'worker') ?? containers[0] ?? null, project)
    }
    if (isTimeForCharts(windowSeconds * 1000 / PIXELS, isAtOnce)) {
      charts.update({ columns: shownColumns(state), services, project, selection, windowSeconds })
    }
  }

  function showNow (): void { update(true) }

  return { update }
}

/**
 * Before the first sample nobody knows how much there will be to show, and what is shown already would have to move.
 * True when that moment has come.
 */
function reveal (isKnown: boolean): boolean {
  const wasHidden = byId('live-panels').hidden
  byId('live-panels').hidden = !isKnown
  byId('waiting').hidden = isKnown
  return wasHidden && isKnown
}

function pacer (): (everyMs: number, isAtOnce: boolean) => boolean {
  let lastMs = -Infinity
  return (everyMs, isAtOnce) => {
    const nowMs = performance.now()
    if (!isAtOnce && nowMs - lastMs < everyMs) return false
    lastMs = nowMs
    return true
  }
}
