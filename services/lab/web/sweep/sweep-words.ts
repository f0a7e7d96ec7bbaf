/** A sweep in words and numbers. Pure. */
import { formatBytes, formatCount, formatLimitBytes, formatMs, formatRate, formatShare } from '#lab/format.ts'
import type {
  LimitValue, SweepSpec, SweepState, SweepView, SweptLimits, Trial, TrialFigures, TrialPurpose, TrialStep
} from '#lab/wire/sweep.ts'
import { sweepOutcomeWords, trialOutcomeWords } from '#lab/words.ts'

export const stepWords: Record<TrialStep, string> = {
  setting_limits: 'setting the limits',
  coming_to_rest: 'coming to rest',
  warming_up: 'warming up',
  judging: 'judging'
}

export const purposes: TrialPurpose[] = ['baseline', 'cpus', 'memory', 'confirmation']

/** `api /work/cpu?ms=5 at 40/s`, `worker memory {"mib":64} at 1/s`. */
export function workWords ({ service, work, ratePerSecond }: SweepSpec): string {
  return `${service} ${askedOf(work)} at ${formatRate(ratePerSecond)}`
}

function askedOf (work: SweepSpec['work']): string {
  if (work.kind === 'jobs') return `${work.job.kind} ${JSON.stringify(work.job.params)}`
  return work.method === 'GET' ? work.path : `${work.method} ${work.path}`
}

export function goalWords ({ goal: { p99Ms, maxFailedShare, maxPressureShare }, marginShare }: SweepSpec): string {
  return `Goal: p99 at most ${formatMs(p99Ms)}, at most ${formatShare(maxFailedShare)} failed, memory pressure at ` +
    `most ${formatShare(maxPressureShare)}. Margin: ${formatShare(marginShare)}.`
}

/** A limit is searched for more finely than to a hundredth: `0.275`. */
export function formatCpus (cpus: LimitValue): string {
  return cpus === 'max' ? cpus : String(Number(cpus.toFixed(3)))
}

/** `0.28 CPUs, 96 MiB, 128 tasks`. */
export function limitsWords ({ cpus, memoryBytes, pids }: SweptLimits): string {
  return `${formatCpus(cpus)}\u00a0CPUs, ${formatMemoryLimit(memoryBytes)}, ${pids}\u00a0tasks`
}

/** A limit that was tried is seldom a round number. */
export function formatMemoryLimit (bytes: LimitValue): string {
  return bytes === 'max' || bytes % 2 ** 20 === 0 ? formatLimitBytes(bytes) : formatBytes(bytes)
}

/** `recommended`, `cancelled`: how a sweep ended, or that it is running. */
export function stateWords ({ state, result }: SweepView): string {
  return result === null ? state : sweepOutcomeWords[result.outcome]
}

const endings: Record<Exclude<SweepState, 'running' | 'finished'>, string> = {
  cancelled: 'It was cancelled, and recommends nothing.',
  failed: 'It failed',
  interrupted: 'It was interrupted because the lab stopped, and recommends nothing.'
}

/** How it ended, in a sentence or two; empty while it runs. */
export function endingWords ({ state, result, error, before, toType }: SweepView): string {
  if (state === 'running') return ''
  if (result !== null) return result.summary
  if (state === 'finished') return ''
  const sentence = state === 'failed' ? `${endings.failed}: ${error ?? 'the reason is not known'}.` : endings[state]
  // Without a broker the limits are as before only when somebody has typed it.
  return toType === null ? `${sentence} The limits are ${limitsWords(before)}, as before.` : sentence
}

/** `Trial 6: 0.27 CPUs, 256 MiB, 128 tasks. Judging.` */
export function currentWords ({ current, trials }: SweepView): string {
  if (current === null) return trials.length === 0 ? 'It is about to begin.' : 'The next trial is about to begin.'
  const { number, limits, step } = current
  return `Trial ${number}: ${limitsWords(limits)}; ${stepWords[step]}.`
}

export interface Times { passedSeconds: number, remainingSeconds: number }

/** On the lab's clock, since the newest report. `null`: the page has no sample yet. */
export function timesOf (
  sweep: SweepView, reportedUptimeSeconds: number | null, uptimeSeconds: number | null
): Times {
  const now = uptimeSeconds ?? sweep.startedUptimeSeconds
  const sinceReport = reportedUptimeSeconds === null ? 0 : Math.max(0, now - reportedUptimeSeconds)
  return {
    passedSeconds: Math.max(0, now - sweep.startedUptimeSeconds),
    remainingSeconds: Math.max(0, sweep.remainingSeconds - sinceReport)
  }
}

/** `1:05 min passed, about 1:40 min to come`. */
export function progressWords ({ passedSeconds, remainingSeconds }: Times): string {
  return `${minutes(passedSeconds)} passed, about ${minutes(remainingSeconds)} to come`
}

export function progressShare ({ passedSeconds, remainingSeconds }: Times): number {
  return passedSeconds === 0 ? 0 : passedSeconds / (passedSeconds + remainingSeconds)
}

export function minutes (seconds: number): string {
  const whole = Math.round(seconds)
  return whole < 60 ? `${whole}\u00a0s` : `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}\u00a0min`
}

export interface TrialColumn { title: string, text: (trial: Trial) => string }

/** The limits that were tried, how the work went, and what the kernel counted. */
export const trialColumns: TrialColumn[] = [
  { title: 'CPUs', text: ({ limits }) => formatCpus(limits.cpus) },
  { title: 'Memory', text: ({ limits }) => formatMemoryLimit(limits.memoryBytes) },
  figure('p99', ({ p99Ms }) => formatMs(p99Ms)),
  figure('Failed', ({ failed, due }) => failed === 0 ? '0' : `${failed} of ${due}`),
  figure('CPU used', ({ cores }) => cores === null ? '–' : formatCpus(Number(cores.toFixed(2)))),
  figure('Throttled', ({ throttledShare }) => formatShare(throttledShare)),
  figure('Peak', ({ peakBytes }) => formatBytes(peakBytes)),
  figure('Pressure', ({ memoryPressureShare }) => formatShare(memoryPressureShare)),
  figure('Limit hits', ({ memoryLimitHits }) => rise(memoryLimitHits)),
  figure('Refaults', ({ refaults }) => rise(refaults)),
  figure('Kills', ({ oomKills }) => rise(oomKills))
]

function figure (title: string, text: (figures: TrialFigures) => string): TrialColumn {
  return { title, text: ({ figures }) => figures === null ? '–' : text(figures) }
}

function rise (count: number | null): string {
  return count === null || count === 0 ? formatCount(count) : `+${count}`
}

/** What decided: the checks that were not kept, otherwise those that could not be measured; otherwise how many held. */
export function evidenceWords ({ outcome, checks }: Trial): string {
  const open = checks.filter(({ holds }) => holds === (outcome === 'failed' ? false : null))
  if (outcome === 'passed' || open.length === 0) return `${trialOutcomeWords[outcome]}: ${checks.length} checks`
  return open.map(({ claim, saw }) => `${claim}: ${saw}`).join('; ')
}

export interface ResultRow { name: string, before: string, failed: string, passed: string, recommended: string }

/** Each limit from what it was to what is recommended. Empty without a recommendation. */
export function resultRows ({ before, result }: SweepView): ResultRow[] {
  if (result === null || result.recommended === null) return []
  const { recommended, knees } = result
  const row = (name: string, key: keyof SweptLimits, format: (limit: LimitValue) => string): ResultRow => {
    const knee = key === 'pids' ? null : knees[key]
    return {
      name,
      before: format(before[key]),
      failed: knee?.failed == null ? '–' : format(knee.failed),
      passed: knee === null ? '–' : format(knee.passed),
      recommended: format(recommended[key])
    }
  }
  return [
    row('CPUs', 'cpus', formatCpus), row('Memory', 'memoryBytes', formatMemoryLimit), row('Tasks', 'pids', String)
  ]
}
