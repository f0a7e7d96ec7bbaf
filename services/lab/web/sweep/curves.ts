/** The curves of a sweep: two over the CPU limit, two over the memory limit. */
import { onColoursChange, pageColours } from '#lab/web/charts/draw.ts'
import type { LinePlot } from '#lab/web/charts/line-plot.ts'
import { count, milliseconds, rate, share } from '#lab/web/charts/scales.ts'
import { el, shape } from '#lab/web/dom.ts'
import type { SweepView, TrialFigures, TrialOutcome } from '#lab/wire/sweep.ts'
import { trialOutcomeWords } from '#lab/words.ts'
import { createCurve, type CurveSpec, type CurveView } from './curve.ts'
import { formatCpus } from './sweep-words.ts'
import {
  failedShare, marksOf, memoryWantOf, pointsOf, wantValues, type MemoryWant, type Searched
} from './trial-points.ts'

const overCpus = {
  searched: 'cpus' as Searched, formatLimitOf: (cpus: number) => `${formatCpus(cpus)}\u00a0CPUs`
}
const overMemory = {
  searched: 'memoryMib' as Searched, formatLimitOf: (mib: number) => `${Number(mib.toFixed(1))}\u00a0MiB`
}

interface Measured extends CurveSpec {
  valueOf: (figures: TrialFigures) => number | null
  goalOf: (sweep: SweepView) => number | null
}

const latency: Measured = {
  ...milliseconds,
  ...overCpus,
  isLogarithmic: true,
  least: 1000,
  title: 'p99 over the CPU limit',
  sentence: 'p99 of each trial over its CPU limit.',
  label: 'p99',
  colour: '--series-0',
  valueOf: ({ p99Ms }) => p99Ms,
  goalOf: ({ spec }) => spec.goal.p99Ms
}

const throttled: Measured = {
  ...share,
  ...overCpus,
  title: 'Throttled over the CPU limit',
  sentence: 'Share of periods in which the service was throttled, in each trial, over its CPU limit.',
  label: 'throttled periods',
  colour: '--series-2',
  valueOf: ({ throttledShare }) => throttledShare,
  goalOf: () => null
}

const failed: Measured = {
  ...share,
  ...overMemory,
  title: 'Failed over the memory limit',
  sentence: 'Share of requests or jobs that failed in each trial, over its memory limit.',
  label: 'failed',
  colour: '--series-0',
  valueOf: failedShare,
  goalOf: ({ spec }) => spec.goal.maxFailedShare
}

const wants: Record<MemoryWant, Measured> = {
  pressure: {
    ...share,
    ...overMemory,
    title: 'Pressure over the memory limit',
    sentence: 'Share of time in which some task waited for memory (PSI), in each trial, over its memory limit.',
    label: 'memory pressure (PSI)',
    colour: '--series-2',
    valueOf: wantValues.pressure,
    goalOf: ({ spec }) => spec.goal.maxPressureShare
  },
  refaults: {
    ...rate,
    ...overMemory,
    title: 'Refaults over the memory limit',
    sentence: 'Pages a second that were reclaimed and had to be read again, in each trial, over its memory limit. ' +
      'There is no PSI for memory here.',
    label: 'refaults; no PSI here',
    colour: '--series-2',
    valueOf: wantValues.refaults,
    goalOf: () => null
  },
  limitHits: {
    ...count,
    ...overMemory,
    title: 'Limit hits over the memory limit',
    sentence: 'How often memory reached its limit, in each trial, over its memory limit. There is no PSI for memory here.',
    label: 'limit hits; no PSI here',
    colour: '--series-2',
    valueOf: wantValues.limitHits,
    goalOf: () => null
  }
}

export function createCurves (): { element: HTMLElement, update (sweep: SweepView | null): void } {
  const host = el('div', 'curves')
  const element = el('div', '', pointKey(), host)
  const curves = [latency, throttled, failed].map(measured => curveIn(host, measured))
  const wantCurves = Object.entries(wants).map(([want, measured]) => ({ want, ...curveIn(host, measured) }))
  let latest: SweepView | null = null

  function update (sweep: SweepView | null): void {
    latest = sweep
    const colour = pageColours()
    const counted = memoryWantOf(sweep?.trials ?? [])
    for (const { figure, want } of wantCurves) figure.hidden = want !== counted
    for (const { plot, measured } of [...curves, ...wantCurves.filter(({ want }) => want === counted)]) {
      plot.update({ ...viewOf(sweep, measured), colour })
    }
  }

  onColoursChange(() => { update(latest) })
  return { element, update }
}

interface Curve { figure: HTMLElement, plot: LinePlot<CurveView>, measured: Measured }

function curveIn (host: HTMLElement, measured: Measured): Curve {
  const figure = el('figure', 'timeline curve panel')
  host.append(figure)
  return { figure, plot: createCurve(figure, measured), measured }
}

function viewOf (sweep: SweepView | null, { searched, valueOf, goalOf }: Measured): Omit<CurveView, 'colour'> {
  const none = { knee: null, recommended: null, current: null }
  const emptyText = sweep !== null && sweep.state !== 'running' ? 'no trial measured it' : 'drawn as the trials end'
  if (sweep === null) return { points: [], marks: none, goal: null, emptyText }
  return {
    points: pointsOf(sweep.trials, searched, valueOf),
    marks: marksOf(sweep, searched),
    goal: goalOf(sweep),
    emptyText
  }
}

/** What the shapes of the points mean. */
function pointKey (): HTMLElement {
  const outcomes: TrialOutcome[] = ['passed', 'failed', 'not_measured']
  const items = outcomes.map(outcome => el('li', '', trialShape(outcome), trialOutcomeWords[outcome]))
  const list = el('ul', 'point-key', el('li', '', 'Each point is a trial:'), ...items)
  list.setAttribute('aria-label', 'What the points show')
  return list
}

/** How a trial ended, as a shape in its colour. */
export function trialShape (outcome: TrialOutcome): SVGSVGElement {
  const picture = shape(`trial_${outcome}`)
  picture.dataset['outcome'] = outcome
  return picture
}
