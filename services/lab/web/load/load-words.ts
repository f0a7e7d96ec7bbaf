/** What the page says in words and numbers about a load. Pure. */
import { formatCount, formatMs, formatRate, formatShare } from '#lab/format.ts'
import type { LoadFigures, LoadSpec, LoadView } from '#lab/wire/load.ts'

export function pathWords ({ service, method, path }: Pick<LoadSpec, 'service' | 'method' | 'path'>): string {
  return `${service} ${method === 'GET' ? '' : `${method} `}${path}`
}

/** `20, 60, 100/s for 30 s`. */
export function pacePhrase ({ ratesPerSecond, durationSeconds }: Pick<LoadSpec, 'ratesPerSecond' | 'durationSeconds'>): string {
  return `${ratesPerSecond.map(rate => String(rate)).join(', ')}/s for ${durationSeconds}\u00a0s`
}

/** What is due a second at a moment of the load: each rate has an equal part of the time. */
export function dueRate ({ ratesPerSecond, durationSeconds }: Pick<LoadSpec, 'ratesPerSecond' | 'durationSeconds'>, atSeconds: number): number | null {
  if (atSeconds < 0 || atSeconds > durationSeconds) return null
  return ratesPerSecond[Math.min(ratesPerSecond.length - 1, Math.floor(atSeconds / durationSeconds * ratesPerSecond.length))] ?? null
}

/** The numbers of a load, each with its name; of one that runs, of its last second. */
export interface Figure { name: string, text: string, isBad: boolean }

export function figuresOf (load: LoadView | null): Figure[] {
  const live = load?.state === 'running' ? load.live : null
  const summary = load?.summary ?? null
  const latency = live?.lastSecond.latency ?? summary?.total.latency ?? null
  const total = live?.total ?? summary?.total ?? null
  const answered = live ? live.lastSecond.answeredPerSecond : summary ? answeredPerSecond(summary) : null
  const due = load === null ? null : live ? dueRate(load.spec, live.atSeconds) : summary ? summary.total.due / load.spec.durationSeconds : null
  const figure = (name: string, text: string, isBad = false): Figure => ({ name, text, isBad })
  return [
    figure('answered', answered === null ? formatRate(null) : due === null || load?.state === 'cancelled' ? formatRate(answered) : `${formatRate(answered)} of ${formatRate(due)}`),
    figure('p50', formatMs(latency?.p50Ms ?? null)),
    figure('p90', formatMs(latency?.p90Ms ?? null)),
    figure('p99', formatMs(latency?.p99Ms ?? null)),
    figure('longest', formatMs(latency?.maxMs ?? null)),
    figure('failed', total === null ? formatCount(null) : failedWords(total), (total?.failed ?? 0) > 0),
    figure('in flight', live === null ? formatCount(null) : live.waiting > 0 ? `${live.inFlight}, ${live.waiting} waiting` : formatCount(live.inFlight))
  ]
}

export function answeredPerSecond ({ seconds, total }: { seconds: number, total: LoadFigures }): number | null {
  return seconds === 0 ? null : total.succeeded / seconds
}

/** `0`, `12 of 400`. */
export function failedWords ({ failed, due }: Pick<LoadFigures, 'failed' | 'due'>): string {
  return failed === 0 ? '0' : `${failed} of ${due}`
}

/** Was it the load that was asked for? `null` while nobody can say. */
export function paceWords ({ state, summary, error }: LoadView): { isKept: boolean | null, text: string } {
  if (state === 'running') return { isKept: null, text: '' }
  if (summary === null) return { isKept: null, text: state === 'cancelled' ? 'Cancelled before anything was measured.' : `It failed: ${error ?? 'nobody says why'}.` }
  return { isKept: summary.generator.keptPace, text: state === 'cancelled' ? `Cancelled after ${summary.seconds.toFixed(1)}\u00a0s. ${summary.generator.text}` : summary.generator.text }
}

/** That new connections waited for open ones; empty where they did not, or where it cannot be told. */
export function orderWords ({ summary }: Pick<LoadView, 'summary'>): string {
  return summary?.connections.inTurn === false ? summary.connections.text : ''
}

export function progressWords ({ state, live, spec: { durationSeconds } }: LoadView): string {
  const at = Math.floor(live?.atSeconds ?? 0)
  if (state !== 'running') return ''
  return at > durationSeconds ? `${durationSeconds} s are over; waiting for the last answers` : `${at} s of ${durationSeconds} s`
}

/** Loads beside each other: what was asked, what came of it, and how much the latency is of the first one's. */
export interface ComparedRow { name: string, texts: string[], ratios: string[] }

export function comparedRows (loads: LoadView[], throttledShares: Array<number | null>): ComparedRow[] {
  const plain = (name: string, texts: string[]): ComparedRow => ({ name, texts, ratios: texts.map(() => '') })
  const latency = (name: string, key: 'p50Ms' | 'p90Ms' | 'p99Ms' | 'maxMs'): ComparedRow => {
    const values = loads.map(({ summary }) => summary?.total.latency[key] ?? null)
    return { name, texts: values.map(formatMs), ratios: values.map((value, i) => i === 0 ? '' : ratioWords(value, values[0]!)) }
  }
  return [
    plain('asked of', loads.map(({ spec }) => pathWords(spec))),
    plain('asked for', loads.map(({ spec }) => pacePhrase(spec))),
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
