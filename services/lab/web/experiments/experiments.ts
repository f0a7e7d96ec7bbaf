/** The views of experiments: which is shown, and what has to be asked for it. */
import type { RunView } from '../../runs/wire.ts'
import { el } from '../dom.ts'
import type { Navigation } from '../navigation.ts'
import { styleIn } from '../panels/charts.ts'
import { cancelRun, getExperiments, getRun, getRuns, startRun } from '../requests.ts'
import { onExperiments, onOpened, onRun, onRuns, runOf } from '../runs-state.ts'
import { servicesOf, type State } from '../state.ts'
import { hashOf, type Route } from '../view/route.ts'
import { createList } from './list.ts'
import { createSheet } from './sheet.ts'

/** The stream tells what a run changes; a stream that was lost meanwhile did not. */
const ASK_AGAIN_MS = 5000

export interface Experiments {
  refresh: () => Promise<void>
  hear: (run: RunView) => void
  show: (route: Extract<Route, { view: 'experiments' | 'experiment' }>) => void
}

export function createExperiments (hosts: { list: HTMLElement, sheet: HTMLElement }, state: State, navigation: Navigation, changed: () => void): Experiments {
  const { runs } = state
  const list = createList(hosts.list)
  const note = el('p', 'nothing')
  let sheet: (ReturnType<typeof createSheet> & { id: string }) | null = null
  let asked: string | null = null
  let isListStale = true
  const missing = new Map<string, string>()

  function refresh (): Promise<void> {
    missing.clear()
    isListStale = true
    return lookAgain()
  }

  /** Costs nobody but the lab, so it may be asked during a run. */
  async function lookAgain (): Promise<void> {
    const before = runs.running
    const answer = await getExperiments()
    runs.fault = 'refusal' in answer ? answer.refusal : null
    if ('body' in answer) onExperiments(runs, answer.body.experiments, answer.body.running)
    if (before !== null && runs.running?.id !== before.id) isListStale = true
    changed()
  }

  /** Only for who looks at experiments: the list comes out of Postgres, which is one of those being measured. */
  async function askForRuns (): Promise<void> {
    isListStale = false
    const answer = await getRuns()
    if ('body' in answer) onRuns(runs, answer.body.runs)
    else runs.fault = answer.refusal
    changed()
  }

  /** A run that ended, with its readings. */
  async function open (id: string): Promise<void> {
    if (asked === id || missing.has(id) || runs.opened?.id === id || runOf(runs, id)?.state === 'running') return
    asked = id
    const answer = await getRun(id)
    if ('body' in answer) onOpened(runs, answer.body)
    else missing.set(id, answer.refusal)
    asked = null
    changed()
  }

  async function start (experiment: string, prediction: string | null): Promise<string | null> {
    const answer = await startRun(experiment, prediction)
    if ('refusal' in answer) return answer.refusal
    // The stream may have been faster, and then knows more.
    if (runOf(runs, answer.body.id) === null) hear(answer.body)
    navigation.replace({ view: 'experiment', id: experiment, runId: answer.body.id })
    return null
  }

  async function cancel ({ id }: RunView): Promise<string | null> {
    const answer = await cancelRun(id)
    return 'refusal' in answer ? answer.refusal : null
  }

  function hear (run: RunView): void {
    onRun(runs, run, state.sample?.at ?? null)
    changed()
  }

  function showSheet ({ id, runId }: Extract<Route, { view: 'experiment' }>): void {
    const experiment = runs.experiments?.find(experiment => experiment.id === id)
    if (!experiment) {
      say(runs.experiments === null ? runs.fault ?? 'Asking the lab for this experiment.' : `There is no experiment “${id}”.`)
      return
    }
    const { running } = runs
    if (runId === null && running?.experiment === id) navigation.replace({ view: 'experiment', id, runId: running.id })
    if (sheet?.id !== id) {
      sheet = { id, ...createSheet(experiment, { start: prediction => start(id, prediction), cancel }) }
      hosts.sheet.replaceChildren(sheet.element)
    }
    const run = runId === null ? null : runOf(runs, runId)
    if (runId !== null && run?.state !== 'running') open(runId)
    const other = running === null ? null : runs.experiments?.find(experiment => experiment.id === running.experiment)
    const style = styleIn(servicesOf(state))
    sheet.update({
      run,
      isLost: runId !== null && run === null ? missing.get(runId) ?? null : null,
      recording: runs.opened?.id === runId ? runs.opened?.recording ?? null : null,
      busyWith: other ? { id: other.id, title: other.title } : null,
      runs: runs.runs.filter(({ experiment }) => experiment === id),
      phases: runs.phases,
      columns: state.columns,
      now: state.sample?.at ?? null,
      styleOf: service => style({ service, name: service })
    })
    navigation.entitle(experiment.title)
  }

  /** Instead of a sheet. */
  function say (words: string): void {
    sheet = null
    note.textContent = words
    const back = el('a', 'back', 'All experiments')
    back.href = hashOf({ view: 'experiments' })
    hosts.sheet.replaceChildren(note, back)
    navigation.entitle('Experiment')
  }

  setInterval(() => {
    if (state.connection !== 'live') return
    const isWanted = ['experiments', 'experiment'].includes(navigation.route().view)
    if (runs.running !== null) lookAgain()
    else if (isWanted && runs.fault !== null) refresh()
  }, ASK_AGAIN_MS)

  return {
    refresh,
    hear,
    show (route) {
      if (isListStale && runs.experiments !== null) askForRuns()
      if (route.view === 'experiment') { showSheet(route); return }
      list.update({ experiments: runs.experiments, runs: runs.isComplete ? runs.runs : null, fault: runs.fault })
      navigation.entitle('Experiments')
    }
  }
}
