/** What a panel or a sheet shows at this moment of the state. Pure. */
import { styleIn } from '#lab/web/charts/line-style.ts'
import { runOf } from '#lab/web/state/runs.ts'
import { servicesOf, type State } from '#lab/web/state/state.ts'
import type { PanelView } from './experiment-panel.ts'
import type { RunsLoader } from './runs-loader.ts'
import type { SheetView } from './sheet.ts'

/** `runId` null: the experiment is about to be run. */
export function panelView (state: State, runId: string | null): PanelView {
  const { runs } = state
  const style = styleIn(servicesOf(state))
  return {
    run: runId === null ? null : runOf(runs, runId),
    recording: runs.opened !== null && runs.opened.id === runId ? runs.opened.recording : null,
    busyWith: runs.experiments?.find(experiment => experiment.id === runs.running?.experiment) ?? null,
    phases: runs.phases,
    columns: state.columns,
    now: state.sample,
    styleOf: service => style({ service, name: service })
  }
}

export function sheetView (
  state: State, { whyUnavailable }: Pick<RunsLoader, 'whyUnavailable'>, id: string, runId: string | null
): SheetView {
  const view = panelView(state, runId)
  return {
    ...view,
    whyUnavailable: runId !== null && view.run === null ? whyUnavailable(runId) : null,
    runs: state.runs.runs.filter(({ experiment }) => experiment === id)
  }
}
