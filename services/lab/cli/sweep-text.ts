/** What `lab sweep` prints. */
import { formatBytes, formatCores, formatLimitBytes, formatMs, formatRate, formatShare, plain } from '#lab/format.ts'
import type { Knee, SweepSpec, SweepView, SweptLimits, Trial, TrialFigures, TrialStep } from '#lab/wire/sweep.ts'
import { purposeWords, sweepOutcomeWords, trialOutcomeWords } from '#lab/words.ts'

const BAR = 20
const stepWords: Record<TrialStep, string> = {
  setting_limits: 'setting limits', coming_to_rest: 'coming to rest', warming_up: 'warming up', judging: 'judging'
}

interface Column { title: string, width: number, text: (trial: Trial) => string }

/** The limits that were tried, how the work went, and what the kernel counted. */
const columns: Column[] = [
  { title: 'TRIAL', width: 5, text: ({ number }) => String(number) },
  { title: 'FOR', width: 12, text: ({ purpose }) => purposeWords[purpose] },
  { title: 'CPUS', width: 5, text: ({ limits: { cpus } }) => cpus === 'max' ? cpus : String(cpus) },
  { title: 'MEMORY', width: 8, text: ({ limits: { memoryBytes } }) => memoryBytes === 'max' ? memoryBytes : formatBytes(memoryBytes) },
  figure('P99', 7, ({ p99Ms }) => formatMs(p99Ms)),
  figure('FAILED', 7, ({ failed, due }) => `${failed}/${due}`),
  figure('CPU USED', 8, ({ cores }) => formatCores(cores)),
  figure('THROTTLED', 9, ({ throttledShare }) => formatShare(throttledShare)),
  figure('PEAK', 8, ({ peakBytes }) => formatBytes(peakBytes)),
  figure('LIMIT HITS', 10, ({ memoryLimitHits }) => countText(memoryLimitHits)),
  figure('KILLS', 5, ({ oomKills }) => countText(oomKills)),
  { title: '', width: 0, text: ({ outcome }) => trialOutcomeWords[outcome] }
]

function figure (title: string, width: number, text: (figures: TrialFigures) => string): Column {
  return { title, width, text: ({ figures }) => figures === null ? '–' : text(figures) }
}

function countText (count: number | null): string { return count === null ? '–' : `+${count}` }

function row (text: (column: Column) => string): string {
  return `${columns.map(column => text(column).padEnd(column.width)).join('  ').trimEnd()}\n`
}

export function startText ({ spec, plannedSeconds, before }: SweepView): string {
  return plain([
    `${spec.service}: ${workText(spec)}. Goal: ${goalText(spec)}.`,
    `About ${minutesText(plannedSeconds)}. The limits are ${limitsText(before)} now, and will be again.\n`,
    row(({ title }) => title)
  ].join('\n'))
}

function workText ({ work, ratePerSecond }: SweepSpec): string {
  const rate = formatRate(ratePerSecond)
  return work.kind === 'jobs' ? `jobs ${work.job.kind} ${JSON.stringify(work.job.params)} at ${rate}` : `${work.method} ${work.path} at ${rate}`
}

function goalText ({ goal: { p99Ms, maxFailedShare, maxPressureShare } }: SweepSpec): string {
  return `p99 at most ${formatMs(p99Ms)}, at most ${formatShare(maxFailedShare)} fail, at most ${formatShare(maxPressureShare)} memory pressure`
}

function limitsText ({ cpus, memoryBytes, pids }: SweptLimits): string {
  return `${cpus} CPU, ${memoryBytes === 'max' ? 'max' : formatLimitBytes(memoryBytes)}, ${pids} tasks`
}

/** The row of a trial; of one that did not pass, also what was not kept. */
export function trialText (trial: Trial): string {
  const open = trial.checks.filter(({ holds }) => holds !== true)
  const why = open.map(({ claim, saw, source, holds }) => `       ${holds === null ? '?' : '✗'} ${claim}: ${saw} (${source})\n`)
  return plain(row(column => column.text(trial)) + why.join(''))
}

/** `[########            ]  trial 5, judging   about 1:40 left` */
export function progressLine (view: SweepView, nowMs = Date.now()): string {
  const { current, plannedSeconds, remainingSeconds, startedAt } = view
  const passed = Math.max(0, (nowMs - Date.parse(startedAt)) / 1000)
  const share = passed / Math.max(passed + remainingSeconds, plannedSeconds / BAR)
  const bar = '#'.repeat(Math.round(Math.min(1, share) * BAR)).padEnd(BAR)
  const doing = current === null ? '' : `  trial ${current.number}, ${stepWords[current.step]}`
  return `[${bar}]${doing}   about ${minutesText(remainingSeconds)} left`
}

export function typeText (line: string): string {
  return `Nothing here may change limits. Type this in another terminal:\n  ${line}\n`
}

export function resultText ({ state, error, result, before }: SweepView): string {
  if (result === null) {
    const ending = state === 'failed' ? `failed: ${error}` : `was ${state}`
    return plain(`The sweep ${ending}. The limits are ${limitsText(before)}, as before.\n`)
  }
  const { summary, outcome, knees, compose, kubernetes, givesWayFirst, notes } = result
  return plain([
    '',
    `${sweepOutcomeWords[outcome]}: ${summary}`,
    ...kneeLines('CPU', knees.cpus, formatCpus),
    ...kneeLines('memory', knees.memoryBytes, formatBytes),
    ...(givesWayFirst === null ? [] : [`What gives way first: ${givesWayFirst}`]),
    ...notes,
    ...(compose === null ? [] : ['', 'compose.yaml:', compose]),
    ...(kubernetes === null ? [] : ['Kubernetes:', kubernetes]),
    `The limits are ${limitsText(before)} again.\n`
  ].join('\n'))
}

function formatCpus (cpus: number): string { return `${Number(cpus.toFixed(3))}` }

function kneeLines (name: string, knee: Knee | null, text: (value: number) => string): string[] {
  if (knee === null) return []
  const failed = knee.failed === null ? 'and nothing less was shown to fail' : `and ${text(knee.failed)} failed`
  return [`The least ${name} that passed is ${text(knee.passed)}, ${failed}.`]
}

/** `1:40 min`, `35 s`. */
function minutesText (seconds: number): string {
  const whole = Math.round(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')} min`
}
