/** The view of loads: one is shown, and below it all that the lab remembers. */
import type { AskView } from '#lab/web/ask-form.ts'
import { styleIn } from '#lab/web/charts/line-style.ts'
import { isAttached } from '#lab/web/container-words.ts'
import { el, setText } from '#lab/web/dom.ts'
import type { Navigation } from '#lab/web/navigation.ts'
import { cancelLoad, getLoads, startLoad } from '#lab/web/requests.ts'
import type { Route } from '#lab/web/route.ts'
import { compare, onLoad, onLoads, runningLoad, type LoadsState } from '#lab/web/state/loads.ts'
import { servicesOf, type State } from '#lab/web/state/state.ts'
import type { LoadView } from '#lab/wire/load.ts'
import { createLoadCharts, type LoadChartsView } from './charts.ts'
import { createCompare } from './compare.ts'
import { createFigures } from './figures.ts'
import { createForm } from './form.ts'
import type { LoadRequest } from './load-request.ts'
import { loadSeries } from './load-series.ts'
import { progressWords } from './load-words.ts'
import { createLoadsTable } from './table.ts'
import '#lab/web/ask-and-seen.css'
import './load.css'

/** The stream reports how a load goes, but not what happened while it was away. */
const ASK_AGAIN_MS = 5000

const LEAD = 'Requests are sent when they are due, whether or not the answers keep up, and each latency counts from ' +
  'then. A generator that waits for answers would hide what a quota does to a service.'

/** An experiment or a sweep that is running, and where to see it. */
type BusyWith = { title: string, href: string } | null

type LoadRoute = Extract<Route, { view: 'load' }>

export interface Loads {
  refresh: () => Promise<void>
  onLoadUpdate: (load: LoadView) => void
  show: (route: LoadRoute, busyWith: BusyWith) => void
}

export function createLoads (host: HTMLElement, state: State, navigation: Navigation, changed: () => void): Loads {
  const { loads } = state
  const { refresh, start, cancel, onLoadUpdate } = createRequests(state, navigation, changed)
  let filledBy: LoadRoute | null = null
  const panels = createPanels(host, { start, cancel }, (id, isChosen) => {
    compare(loads, id, isChosen)
    changed()
  })

  setInterval(() => {
    if (state.connection === 'live' && (runningLoad(loads) !== null || loads.fault !== null)) refresh()
  }, ASK_AGAIN_MS)

  return {
    refresh,
    onLoadUpdate,
    show (route, busyWith) {
      const { id, fields } = route
      const { fault, form, figures, charts, side, table } = panels
      const shown = shownLoad(loads, id)
      setText(fault, loads.fault ?? '')
      fault.hidden = loads.fault === null
      form.update(formView(state, busyWith))
      if (filledBy !== route && fields) form.fill(fields)
      filledBy = route
      figures.update(shown)
      charts.update(chartsView(state, shown))
      side.update(comparedLoads(loads), loads.throttledShares)
      table.update({ ...loads, shownId: shown?.id ?? null })
      navigation.setTitle('Load')
    }
  }
}

/** What the view asks of the lab; each answer changes the state. */
function createRequests (state: State, navigation: Navigation, changed: () => void) {
  const { loads } = state

  async function refresh (): Promise<void> {
    const answer = await getLoads()
    if ('body' in answer) onLoads(loads, answer.body.loads)
    else loads.fault = answer.refusal
    changed()
  }

  async function start (request: LoadRequest): Promise<string | null> {
    const from = navigation.route()
    const answer = await startLoad(request)
    if ('refusal' in answer) return answer.refusal
    onLoadUpdate(answer.body)
    // Somebody who has gone to another view meanwhile stays there.
    if (navigation.route() === from) navigation.replace({ view: 'load', id: answer.body.id })
    return null
  }

  async function cancel (): Promise<string | null> {
    const running = runningLoad(loads)
    const answer = running && await cancelLoad(running.id)
    return answer && 'refusal' in answer ? answer.refusal : null
  }

  function onLoadUpdate (load: LoadView): void {
    onLoad(loads, load, state.columns)
    changed()
  }

  return { refresh, start, cancel, onLoadUpdate }
}

function createPanels (
  host: HTMLElement, listeners: Parameters<typeof createForm>[0], onCompare: (id: string, isChosen: boolean) => void
) {
  const heading = el('h2', '', 'Load')
  heading.tabIndex = -1
  const fault = el('p', 'problem')
  fault.setAttribute('role', 'status')
  const form = createForm(listeners)
  const figures = createFigures()
  const chartsHost = el('div', 'timelines')
  const charts = createLoadCharts(chartsHost)
  const side = createCompare()
  const table = createLoadsTable(onCompare)
  const seen = el('div', 'seen', figures.element, chartsHost, figures.steps)
  host.append(el('div', 'head', heading), el('p', 'lead', LEAD), fault, el('div', 'ask-and-seen', form.element, seen),
    table.element, side.element)
  return { fault, form, figures, charts, side, table }
}

/** The load in the address, otherwise the running one, otherwise the newest. */
function shownLoad (state: LoadsState, id: string | null): LoadView | null {
  const addressed = id === null ? null : state.loads.find(load => load.id === id)
  return addressed ?? runningLoad(state) ?? state.loads[0] ?? null
}

function comparedLoads ({ compared, loads }: LoadsState): LoadView[] {
  return compared.flatMap(id => loads.filter(load => load.id === id))
}

/** A load that belongs to an experiment or a sweep is ended by it. */
function formView (state: State, busyWith: BusyWith): AskView {
  const running = runningLoad(state.loads)
  return {
    beside: isAttached(state.hello) ? servicesOf(state) : null,
    isRunning: running !== null && busyWith === null,
    progress: progressOf(running),
    other: busyWith && { ...busyWith, why: 'is running, and a load would disturb it.' }
  }
}

function progressOf (load: LoadView | null): AskView['progress'] {
  if (load === null) return { words: '', share: 0 }
  return { words: progressWords(load), share: Math.min(1, (load.live?.atSeconds ?? 0) / load.spec.durationSeconds) }
}

function chartsView (state: State, load: LoadView | null): LoadChartsView {
  const lives = load ? state.loads.lives.get(load.id) ?? [] : []
  const style = styleIn(servicesOf(state))
  const isOver = load !== null && load.state !== 'running'
  return {
    series: load && lives.length > 0 ? loadSeries(load, lives, state.columns) : null,
    spec: load?.spec ?? null,
    isOver,
    emptyText: isOver ? 'this page was not open while it ran' : 'drawn while a load runs',
    styleOf: service => style({ service, name: service })
  }
}
