import type { LoadFigures, LoadSummary, LoadView } from '#lab/wire/load.ts'
import { duration } from './format.ts'
import { layOut } from './rows.ts'

const BAR = 20

/** `[##########          ]  10 of 20 s   50.0/s   p50 7.20 ms   p99 31.4 ms   0 failed` */
export function progressLine ({ live, spec: { durationSeconds } }: LoadView): string {
  if (live === null) return `[${' '.repeat(BAR)}]  starting`
  const done = Math.round(Math.min(1, live.atSeconds / durationSeconds) * BAR)
  const atSeconds = Math.min(durationSeconds, Math.floor(live.atSeconds))
  const { answeredPerSecond, latency } = live.lastSecond
  const waiting = live.waiting > 0 ? `   ${live.waiting} waiting` : ''
  return `[${'#'.repeat(done).padEnd(BAR)}]  ${atSeconds} of ${durationSeconds} s   ${answeredPerSecond.toFixed(1)}/s   ` +
    `p50 ${duration(latency.p50Ms)}   p99 ${duration(latency.p99Ms)}   ${live.total.failed} failed${waiting}`
}

/** What was asked for, what came of it, and how far it is to be believed. */
export function summaryText ({ state, spec, summary, error }: LoadView): string {
  if (summary === null) return `The load ${state}${error === null ? '' : `: ${error}`}.\n`
  const { service, method, path, ratesPerSecond, durationSeconds } = spec
  const rates = ratesPerSecond.map(rate => `${rate}/s`).join(', ')
  const cancelled = state === 'cancelled' ? `, cancelled after ${summary.seconds.toFixed(1)} s` : ''
  return [
    `${service} ${method} ${path}: ${rates}, ${durationSeconds} s${cancelled}\n`,
    tableOf(summary),
    ...failures(summary.total),
    ...(summary.connections.text === '' ? [] : [summary.connections.text]),
    summary.generator.text,
    ''
  ].join('\n')
}

function tableOf ({ seconds, steps, total }: LoadSummary): string {
  const titles = ['', 'DUE', 'SUCCEEDED', 'FAILED', 'P50', 'P90', 'P99', 'MAX']
  const stepRows = steps.length === 1 ? [] : steps.map(step => rowOf(`${step.ratePerSecond}/s`, step))
  const answered = total.succeeded / seconds
  return layOut([titles, ...stepRows, rowOf(`total, ${answered.toFixed(1)}/s`, total)], i => i === 0)
}

function rowOf (name: string, { due, succeeded, failed, latency }: LoadFigures): string[] {
  const { p50Ms, p90Ms, p99Ms, maxMs } = latency
  return [name, ...[due, succeeded, failed].map(String), ...[p50Ms, p90Ms, p99Ms, maxMs].map(duration)]
}

function failures ({ failed, statuses, timeouts, connectionErrors, missedSends, errorLatency }: LoadFigures): string[] {
  if (failed === 0) return []
  const kinds = [
    [statuses['4xx'], '4xx'], [statuses['5xx'], '5xx'], [timeouts, 'timed out'], [connectionErrors, 'connection errors'], [missedSends, 'never sent']
  ] as const
  const text = kinds.filter(([count]) => count > 0).map(([count, kind]) => `${count} ${kind}`).join(', ')
  return [`Failed: ${text}.${errorLatency.count === 0 ? '' : ` Refusals and errors took ${duration(errorLatency.p50Ms)} (p50).`}`]
}
