/** A load in words and numbers. Pure. */
import { formatCount, formatMs, formatRate, formatShare } from '#lab/format.ts'
import type { LoadFigures, LoadLive, LoadSpec, LoadView } from '#lab/wire/load.ts'

export function pathWords (
  { service, port, method, path }: Pick<LoadSpec, 'service' | 'port' | 'method' | 'path'>
): string {
  return `${service}${port === undefined ? '' : `:${port}`} ${method === 'GET' ? '' : `${method} `}${path}`
}

type Paced = Pick<LoadSpec, 'ratesPerSecond' | 'durationSeconds'>

/** `20, 60, 100/s for 30 s`. */
export function pacePhrase ({ ratesPerSecond, durationSeconds }: Paced): string {
  return `${ratesPerSecond.map(rate => String(rate)).join(', ')}/s for ${durationSeconds}\u00a0s`
}

/** The rate at which requests are due at a moment of the load: each rate has an equal part of the time. */
export function dueRate ({ ratesPerSecond, durationSeconds }: Paced, atSeconds: number): number | null {
  if (atSeconds < 0 || atSeconds > durationSeconds) return null
  const { length } = ratesPerSecond
  return ratesPerSecond[Math.min(length - 1, Math.floor(atSeconds / durationSeconds * length))] ?? null
}

export interface Figure { name: string, text: string, isBad: boolean }

/** The numbers of a load, each with its name: those of the last second while it runs. */
export function figuresOf (load: LoadView | null): Figure[] {
  const live = load?.state === 'running' ? load.live : null
  const summary = load?.summary ?? null
  const latency = live?.lastSecond.latency ?? summary?.total.latency ?? null
  const total = live?.total ?? summary?.total ?? null
  const figure = (name: string, text: string, isBad = false): Figure => ({ name, text, isBad })
  return [
    figure('answered', answeredWords(load)),
    figure('p50', formatMs(latency?.p50Ms ?? null)),
    figure('p90', formatMs(latency?.p90Ms ?? null)),
    figure('p99', formatMs(latency?.p99Ms ?? null)),
    figure('longest', formatMs(latency?.maxMs ?? null)),
    figure('failed', total === null ? formatCount(null) : failedWords(total), (total?.failed ?? 0) > 0),
    figure('in flight', live === null ? formatCount(null) : inFlightWords(live))
  ]
}

/** `49.5/s of 50/s`; without what was due where that is not known, or where the load was cancelled. */
function answeredWords (load: LoadView | null): string {
  if (load === null) return formatRate(null)
  const { state, live, summary, spec } = load
  if (state === 'running' && live !== null) {
    return ofDue(live.lastSecond.answeredPerSecond, dueRate(spec, live.atSeconds))
  }
  const due = summary === null || state === 'cancelled' ? null : summary.total.due / spec.durationSeconds
  return ofDue(summary && answeredPerSecond(summary), due)
}

function ofDue (answered: number | null, due: number | null): string {
  return answered === null || due === null ? formatRate(answered) : `${formatRate(answered)} of ${formatRate(due)}`
}

function inFlightWords ({ inFlight, waiting }: LoadLive): string {
  return waiting > 0 ? `${inFlight}, ${waiting} waiting` : formatCount(inFlight)
}

export function answeredPerSecond ({ seconds, total }: { seconds: number, total: LoadFigures }): number | null {
  return seconds === 0 ? null : total.succeeded / seconds
}

/** `0`, `12 of 400`. */
export function failedWords ({ failed, due }: Pick<LoadFigures, 'failed' | 'due'>): string {
  return failed === 0 ? '0' : `${failed} of ${due}`
}

/** Whether the target got the load that was asked for. `isKept` is `null` where that is not known. */
export function paceWords ({ state, summary, error }: LoadView): { isKept: boolean | null, text: string } {
  if (state === 'running') return { isKept: null, text: '' }
  const isCancelled = state === 'cancelled'
  if (summary === null) {
    const why = `It failed: ${error ?? 'the reason is not known'}.`
    return { isKept: null, text: isCancelled ? 'Cancelled before anything was measured.' : why }
  }
  const { seconds, generator: { keptPace, text } } = summary
  return { isKept: keptPace, text: isCancelled ? `Cancelled after ${seconds.toFixed(1)}\u00a0s. ${text}` : text }
}

/** Says that new connections waited behind open ones; empty if they did not, or if it is not known. */
export function orderWords ({ summary }: Pick<LoadView, 'summary'>): string {
  return summary?.connections.inTurn === false ? summary.connections.text : ''
}

export function progressWords ({ state, live, spec: { durationSeconds } }: LoadView): string {
  const at = Math.floor(live?.atSeconds ?? 0)
  if (state !== 'running') return ''
  return at > durationSeconds ? `${durationSeconds} s are over; waiting for the last answers` : `${at} s of ${durationSeconds} s`
}

/** One line of loads side by side; `ratios` are those to the first load. */
export interface ComparedRow { name: string, texts: string[], ratios: string[] }

export function comparedRows (loads: LoadView[], throttledShares: Array<number | null>): ComparedRow[] {
  const plain = (name: string, texts: string[]): ComparedRow => ({ name, texts, ratios: texts.map(() => '') })
  const latency = (name: string, key: 'p50Ms' | 'p90Ms' | 'p99Ms' | 'maxMs'): ComparedRow => {
    const values = loads.map(({ summary }) => summary?.total.latency[key] ?? null)
    const ratios = values.map((value, i) => i === 0 ? '' : ratioWords(value, values[0]!))
    return { name, texts: values.map(formatMs), ratios }
  }
  return [
    plain('request', loads.map(({ spec }) => pathWords(spec))),
    plain('rate', loads.map(({ spec }) => pacePhrase(spec))),
    plain('answered', loads.map(({ summary }) => formatRate(summary && answeredPerSecond(summary)))),
    latency('p50', 'p50Ms'),
    latency('p90', 'p90Ms'),
    latency('p99', 'p99Ms'),
    latency('longest', 'maxMs'),
    plain('failed', loads.map(({ summary }) => summary ? failedWords(summary.total) : formatCount(null))),
    plain('target throttled', throttledShares.map(formatShare)),
    plain('generator', loads.map(load => keptWords(load)))
  ]
}

export function keptWords (load: LoadView): string {
  const { isKept } = paceWords(load)
  if (load.state !== 'finished') return load.state
  return isKept === null ? 'not known' : isKept ? 'kept pace' : 'did not keep pace'
}

/** `× 12`, `× 0.85`. */
function ratioWords (value: number | null, first: number | null): string {
  if (value === null || first === null || first === 0) return ''
  const ratio = value / first
  return `× ${ratio >= 9.95 ? Math.round(ratio) : Number(ratio.toPrecision(2))}`
}
