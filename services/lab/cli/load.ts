import { setTimeout as pause } from 'node:timers/promises'
import { formatMs, plain } from '#lab/format.ts'
import type { LoadFigures, LoadSummary, LoadView } from '#lab/wire/load.ts'
import { failureWords } from '#lab/words.ts'
import { askLab } from './ask.ts'
import {
  readJson,
  readNumber,
  readOptions,
  readSeconds,
  UsageError,
  type Command,
  type ExitCode,
  type Terminal
} from './command.ts'
import { layOut } from './rows.ts'
import { readTarget } from './target.ts'

export const loadCommand: Command = {
  name: 'load',
  synopsis: "load --path '/work/cpu?ms=5' | URL --rate N | --steps N,N,… [--duration 20s] [--service api|worker]\n" +
    '                [--body JSON] [--connections N] [--timeout 30s] [--json]',
  help: `
load: puts load on a service and measures each latency from when the request was due, even if it could only be sent later
  URL            beside another project: http://SERVICE:PORT/PATH of a service that was found there
  --path         the path to request; begins with /
  --rate         requests per second
  --steps        several rates, one after another, each for an equal part of the duration
  --duration     500ms, 20s, 2m (20s)
  --service      api or worker (api)
  --body         JSON; makes each request a POST
  --connections  at most this many at a time (100)
  --timeout      how long an answer may take, from when its request was due (30s)
  --json         the result as JSON
  Ctrl-C ends the load and prints what was measured until then.
  Exit code 1: requests failed or were never sent, the load was cancelled, or the generator itself did not keep the pace.`,
  run: async (args, { url, terminal, signal }) => {
    const { request, json } = readLoadOptions(args)
    return load({
      start: () => askLab(`${url}/api/loads`, { method: 'POST', body: request }),
      look: id => askLab(`${url}/api/loads/${id}`),
      cancel: id => askLab(`${url}/api/loads/${id}`, { method: 'DELETE' })
    }, { json, everyMs: terminal.isTerminal ? DRAW_MS : PRINT_MS }, terminal, signal)
  }
}

export interface LoadApi {
  start: () => Promise<LoadView>
  look: (id: string) => Promise<LoadView>
  cancel: (id: string) => Promise<unknown>
}

/** A terminal's line is redrawn four times a second; otherwise one line is printed every second. */
const DRAW_MS = 250
const PRINT_MS = 1000
const REST_OF_LINE = '\x1b[K'

/** Starts a load, prints its progress until it ends, then its result. */
export async function load (
  { start, look, cancel }: LoadApi, { json, everyMs }: { json: boolean, everyMs: number }, terminal: Terminal, signal: AbortSignal
): Promise<ExitCode> {
  let view = await start()
  // If the load has just ended, there is nothing left to cancel.
  signal.addEventListener('abort', () => { cancel(view.id).catch(() => {}) }, { once: true })
  while (view.state === 'running') {
    if (!json) {
      terminal.print(terminal.isTerminal ? `\r${progressLine(view)}${REST_OF_LINE}` : `${progressLine(view)}\n`)
    }
    await pause(everyMs)
    view = await look(view.id)
  }
  if (json) terminal.print(`${JSON.stringify(view)}\n`)
  else terminal.print(`${terminal.isTerminal ? `\r${REST_OF_LINE}` : ''}${summaryText(view)}`)
  return isAllWell(view) ? 0 : 1
}

function isAllWell ({ state, summary }: LoadView): boolean {
  return state === 'finished' && summary !== null && summary.total.failed === 0 && summary.generator.keptPace
}

/** The body of POST /api/loads. The lab checks its bounds. @throws UsageError */
export function readLoadOptions (args: string[]): { request: object, json: boolean } {
  const { values, words: [url] } = readOptions(args, {
    rate: { type: 'string' },
    steps: { type: 'string' },
    path: { type: 'string' },
    service: { type: 'string' },
    duration: { type: 'string' },
    connections: { type: 'string' },
    timeout: { type: 'string' },
    body: { type: 'string' },
    json: { type: 'boolean' }
  }, 1)
  const { rate, steps, path, service, duration, connections, timeout, body, json = false } = values
  if (url !== undefined && (path ?? service) !== undefined) throw new UsageError('a URL has the service and the path in it')
  if (url === undefined && path === undefined) throw new UsageError('load needs a --path, or a URL')
  if ((rate === undefined) === (steps === undefined)) throw new UsageError('load needs either --rate or --steps')
  const request = {
    ...(url === undefined ? { path } : readTarget(url)),
    ratesPerSecond: (rate ?? steps)!.split(',').map(text => readNumber('rates', text)),
    ...(service !== undefined && { service }),
    ...(duration !== undefined && { durationSeconds: readSeconds('--duration', duration) }),
    ...(connections !== undefined && { connections: readNumber('--connections', connections) }),
    ...(timeout !== undefined && { timeoutSeconds: readSeconds('--timeout', timeout) }),
    ...(body !== undefined && { body: readJson('--body', body) })
  }
  return { request, json }
}

const BAR = 20

/** `[##########          ]  10 of 20 s   50.0/s   p50 7.20 ms   p99 31.4 ms   0 failed` */
export function progressLine ({ live, spec: { durationSeconds } }: LoadView): string {
  if (live === null) return `[${' '.repeat(BAR)}]  starting`
  const done = Math.round(Math.min(1, live.atSeconds / durationSeconds) * BAR)
  const atSeconds = Math.min(durationSeconds, Math.floor(live.atSeconds))
  const { answeredPerSecond, latency } = live.lastSecond
  const waiting = live.waiting > 0 ? `   ${live.waiting} waiting` : ''
  return plain(`[${'#'.repeat(done).padEnd(BAR)}]  ${atSeconds} of ${durationSeconds} s   ${answeredPerSecond.toFixed(1)}/s   ` +
    `p50 ${formatMs(latency.p50Ms)}   p99 ${formatMs(latency.p99Ms)}   ${live.total.failed} failed${waiting}`)
}

/** The load that was asked for, its result, and how far the result can be trusted. */
export function summaryText ({ state, spec, summary, error }: LoadView): string {
  if (summary === null) return `The load ${state}${error === null ? '' : `: ${error}`}.\n`
  const { service, port, method, path, ratesPerSecond, durationSeconds } = spec
  const target = port === undefined ? service : `${service}:${port}`
  const rates = ratesPerSecond.map(rate => `${rate}/s`).join(', ')
  const cancelled = state === 'cancelled' ? `, cancelled after ${summary.seconds.toFixed(1)} s` : ''
  return plain([
    `${target} ${method} ${path}: ${rates}, ${durationSeconds} s${cancelled}\n`,
    tableOf(summary),
    ...failureLines(summary.total),
    ...(summary.connections.text === '' ? [] : [summary.connections.text]),
    summary.generator.text,
    ''
  ].join('\n'))
}

function tableOf ({ seconds, steps, total }: LoadSummary): string {
  const titles = ['', 'DUE', 'SUCCEEDED', 'FAILED', 'P50', 'P90', 'P99', 'MAX']
  const stepRows = steps.length === 1 ? [] : steps.map(step => rowOf(`${step.ratePerSecond}/s`, step))
  const answered = total.succeeded / seconds
  return layOut([titles, ...stepRows, rowOf(`total, ${answered.toFixed(1)}/s`, total)], i => i === 0)
}

function rowOf (name: string, { due, succeeded, failed, latency }: LoadFigures): string[] {
  const { p50Ms, p90Ms, p99Ms, maxMs } = latency
  return [name, ...[due, succeeded, failed].map(String), ...[p50Ms, p90Ms, p99Ms, maxMs].map(formatMs)]
}

function failureLines (total: LoadFigures): string[] {
  const { failed, errorLatency } = total
  if (failed === 0) return []
  const took = errorLatency.count === 0 ? '' : ` Refusals and errors took ${formatMs(errorLatency.p50Ms)} (p50).`
  return [`Failed: ${failureWords(total)}.${took}`]
}
