/** The view of loads: one is shown, all that are remembered stand below it. */
import { el, setText } from '#lab/web/dom.ts'
import { styleIn } from '#lab/web/live/charts.ts'
import type { Navigation } from '#lab/web/navigation.ts'
import { cancelLoad, getLoads, startLoad } from '#lab/web/requests.ts'
import type { Route } from '#lab/web/route.ts'
import { compare, onLoad, onLoads, runningLoad } from '#lab/web/state/loads.ts'
import { servicesOf, type State } from '#lab/web/state/state.ts'
import type { LoadView } from '#lab/wire/load.ts'
import { createLoadCharts } from './charts.ts'
import { createCompare } from './compare.ts'
import { createFigures } from './figures.ts'
import { createForm } from './form.ts'
import type { LoadRequest } from './load-request.ts'
import { loadSeries } from './load-series.ts'
import { progressWords } from './load-words.ts'
import { createLoadsTable } from './table.ts'
import '#lab/web/bench.css'
import './load.css'

/** The stream tells how a load goes; a stream that was lost meanwhile did not. */
const ASK_AGAIN_MS = 5000

export interface LoadsPlace {
  refresh: () => Promise<void>
  hear: (load: LoadView) => void
  show: (route: Extract<Route, { view: 'load' }>, busyWith: { title: string, href: string } | null) => void
}

export function createLoads (host: HTMLElement, state: State, navigation: Navigation, changed: () => void): LoadsPlace {
  const { loads } = state
  const heading = el('h2', '', 'Load')
  heading.tabIndex = -1
  const fault = el('p', 'lost')
  fault.setAttribute('role', 'status')
  const form = createForm({ start, cancel })
  const figures = createFigures()
  const chartsHost = el('div', 'timelines')
  const charts = createLoadCharts(chartsHost)
  const side = createCompare()
  const table = createLoadsTable((id, isChosen) => { compare(loads, id, isChosen); changed() })
  host.append(el('div', 'head', heading),
    el('p', 'lead', 'Requests are sent when they are due, whether or not the answers keep up, and each latency counts from then: what a quota does to a service cannot hide behind a generator that waits for it.'),
    fault,
    el('div', 'bench', form.element, el('div', 'seen', figures.element, chartsHost, figures.steps)),
    table.element, side.element)

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
    hear(answer.body)
    // Who went elsewhere meanwhile stays there.
    if (navigation.route() === from) navigation.replace({ view: 'load', id: answer.body.id })
    return null
  }

  async function cancel (): Promise<string | null> {
    const running = runningLoad(loads)
    const answer = running && await cancelLoad(running.id)
    return answer && 'refusal' in answer ? answer.refusal : null
  }

  function hear (load: LoadView): void {
    onLoad(loads, load, state.columns)
    changed()
  }

  setInterval(() => { if (state.connection === 'live' && (runningLoad(loads) !== null || loads.fault !== null)) refresh() }, ASK_AGAIN_MS)

  return {
    refresh,
    hear,
    show ({ id }, busyWith) {
      const running = runningLoad(loads)
      const shown = (id === null ? null : loads.loads.find(load => load.id === id)) ?? running ?? loads.loads[0] ?? null
      const lives = shown ? loads.lives.get(shown.id) ?? [] : []
      const style = styleIn(servicesOf(state))
      setText(fault, loads.fault ?? '')
      fault.hidden = loads.fault === null
      // A load of an experiment is the experiment's to end.
      form.update({ isRunning: running !== null && busyWith === null, progress: progressOf(running), other: busyWith && { ...busyWith, why: 'is running, and a load would disturb it.' } })
      figures.update(shown)
      charts.update({
        series: shown && lives.length > 0 ? loadSeries(shown, lives, state.columns) : null,
        spec: shown?.spec ?? null,
        isOver: shown !== null && shown.state !== 'running',
        empty: shown === null || shown.state === 'running' ? 'drawn while a load goes on' : 'this page did not see it go on',
        styleOf: service => style({ service, name: service })
      })
      side.update(loads.compared.flatMap(id => loads.loads.filter(load => load.id === id)), loads.throttledShares)
      table.update({ ...loads, shownId: shown?.id ?? null })
      navigation.entitle('Load')
    }
  }
}

function progressOf (load: LoadView | null): { words: string, share: number } {
  if (load === null) return { words: '', share: 0 }
  return { words: progressWords(load), share: Math.min(1, (load.live?.atSeconds ?? 0) / load.spec.durationSeconds) }
}
