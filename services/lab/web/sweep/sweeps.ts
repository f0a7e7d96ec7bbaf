/** The view of sweeps: one is shown, and all that the lab remembers can be. */
import type { Other } from '#lab/web/actions.ts'
import type { AskListeners } from '#lab/web/ask-form.ts'
import { isAttached, isWithoutLimits } from '#lab/web/container-words.ts'
import { el, setText } from '#lab/web/dom.ts'
import { focusHeading, type Navigation } from '#lab/web/navigation.ts'
import { cancelSweep, getSweeps, startSweep } from '#lab/web/requests.ts'
import type { Route } from '#lab/web/route.ts'
import { servicesOf, type State } from '#lab/web/state/state.ts'
import { onSweep, onSweeps, runningSweep, shownSweep } from '#lab/web/state/sweeps.ts'
import type { SweepView } from '#lab/wire/sweep.ts'
import { createCurves } from './curves.ts'
import { createEarlier } from './earlier.ts'
import { createForm, type FormView } from './form.ts'
import { createNow } from './now.ts'
import { createResult } from './result.ts'
import type { SweepRequest } from './sweep-request.ts'
import { progressShare, progressWords, timesOf } from './sweep-words.ts'
import { createTrialsTable } from './trials-table.ts'
import '#lab/web/ask-and-seen.css'
import '#lab/web/experiments/charts.css'
import './sweep.css'

/** The stream reports each change of a sweep, but not what happened while it was away. */
const ASK_AGAIN_MS = 5000

const LEAD = 'Finds the smallest CPU and memory limits with which a service meets a goal. Each trial sets limits, puts ' +
  'load on the service and reads what the kernel counted. However a sweep ends, the limits are as before.'

type SweepRoute = Extract<Route, { view: 'sweep' }>

/** What is running beside sweeps, and where to see it. */
type BusyWith = { title: string, href: string } | null

export interface Sweeps {
  refresh: () => Promise<void>
  onSweepUpdate: (sweep: SweepView) => void
  show: (route: SweepRoute, busyWith: BusyWith) => void
}

export function createSweeps (host: HTMLElement, state: State, navigation: Navigation, changed: () => void): Sweeps {
  const { refresh, start, cancel, onSweepUpdate } = createRequests(state, navigation, changed)
  const { fault, form, now, curves, trials, result, earlier } = createPanels(host, { start, cancel })

  setInterval(() => {
    const { sweeps, connection } = state
    if (connection === 'live' && (runningSweep(sweeps) !== null || sweeps.fault !== null)) refresh()
  }, ASK_AGAIN_MS)

  return {
    refresh,
    onSweepUpdate,
    show ({ id }, busyWith) {
      const shown = shownSweep(state.sweeps, id)
      setText(fault, state.sweeps.fault ?? '')
      fault.hidden = state.sweeps.fault === null
      form.update(formView(state, busyWith))
      now.update({ sweep: shown, isByHand: state.limits?.canChange === false })
      curves.update(shown)
      trials.update(shown)
      result.update(shown)
      earlier.update(state.sweeps.sweeps, shown?.id ?? null)
      navigation.setTitle('Sweep')
    }
  }
}

/** What the view asks of the lab; each answer changes the state. */
function createRequests (state: State, navigation: Navigation, changed: () => void) {
  const { sweeps } = state
  const uptimeSeconds = () => state.sample?.uptimeSeconds ?? null

  async function refresh (): Promise<void> {
    const answer = await getSweeps()
    if ('body' in answer) onSweeps(sweeps, answer.body.sweeps, uptimeSeconds())
    else sweeps.fault = answer.refusal
    changed()
  }

  async function start (request: SweepRequest): Promise<string | null> {
    const from = navigation.route()
    const answer = await startSweep(request)
    if ('refusal' in answer) return answer.refusal
    onSweepUpdate(answer.body)
    // Somebody who has gone to another view meanwhile stays there.
    if (navigation.route() === from) navigation.replace({ view: 'sweep', id: answer.body.id })
    return null
  }

  async function cancel (): Promise<string | null> {
    const running = runningSweep(sweeps)
    const answer = running && await cancelSweep(running.id)
    return answer && 'refusal' in answer ? answer.refusal : null
  }

  function onSweepUpdate (sweep: SweepView): void {
    onSweep(sweeps, sweep, uptimeSeconds())
    changed()
  }

  return { refresh, start, cancel, onSweepUpdate }
}

function createPanels (host: HTMLElement, listeners: AskListeners<SweepRequest>) {
  const heading = el('h2', '', 'Sweep')
  heading.tabIndex = -1
  const fault = el('p', 'problem')
  fault.setAttribute('role', 'status')
  const form = createForm(listeners)
  const curves = createCurves()
  const trials = createTrialsTable()
  const result = createResult()
  const now = createNow(() => {
    result.heading.scrollIntoView()
    focusHeading(result.element, result.heading)
  })
  const earlier = createEarlier()
  const seen = el('div', 'seen', now.element, curves.element)
  // What grows while a sweep runs is last, so that it moves nothing.
  host.append(el('div', 'head', heading), el('p', 'lead', LEAD), fault,
    el('div', 'ask-and-seen', form.element, seen, earlier.element), trials.element, result.element)
  return { fault, form, now, curves, trials, result, earlier }
}

function formView (state: State, busyWith: BusyWith): FormView {
  const running = runningSweep(state.sweeps)
  return {
    beside: isAttached(state.hello) ? servicesOf(state) : null,
    isRunning: running !== null,
    progress: progressOf(running, state),
    other: busyWith && otherOf(busyWith),
    absent: absentWords(state)
  }
}

function otherOf (busyWith: NonNullable<BusyWith>): Other {
  return { ...busyWith, why: 'is running, and a sweep would disturb it.' }
}

function progressOf (running: SweepView | null, { sweeps, sample }: State): FormView['progress'] {
  if (running === null) return { words: '', share: 0 }
  const times = timesOf(running, sweeps.reportedUptimeSeconds, sample?.uptimeSeconds ?? null)
  return { words: progressWords(times), share: progressShare(times) }
}

/** What a sweep cannot do here, and why. */
function absentWords ({ limits, hello }: State): string {
  if (isWithoutLimits(hello)) return 'The services run without limits here, so there is nothing to search for.'
  if (limits?.canChange !== false) return ''
  return 'The lab may change no limits here: compose.limits.yaml is not in use, or experiments are off. A sweep then says ' +
    'which limit to set, and waits until somebody has typed it.'
}
