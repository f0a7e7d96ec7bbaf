import { setTimeout as pause } from 'node:timers/promises'
import type { LoadView } from '#lab/wire/load.ts'
import { readOptions, UsageError } from './arguments.ts'
import { askLab } from './ask.ts'
import type { Command, ExitCode, Terminal } from './command.ts'
import { progressLine, summaryText } from './load-text.ts'

export const loadCommand: Command = {
  name: 'load',
  synopsis: "load --path '/work/cpu?ms=5' --rate N | --steps N,N,… [--duration 20s] [--service api|worker] [--body JSON]\n" +
    '                [--connections N] [--timeout 30s] [--json]',
  help: `
load: puts load on a service and measures its latency, each from when the request was due, whether or not it could be sent then
  --path         what is asked for; begins with /
  --rate         requests a second
  --steps        several rates, one after another, each for an equal part of the duration
  --duration     500ms, 20s, 2m (20s)
  --service      api or worker (api)
  --body         JSON; makes it a POST
  --connections  at most so many at a time (100)
  --timeout      how long an answer may take, from when its request was due (30s)
  --json         the result as JSON
  Ctrl-C ends the load and prints what was measured until then.
  Exit code 1: some requests failed or were never sent, the load was cancelled, or the generator itself could not keep the pace.`,
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

/** On a terminal the line is drawn anew four times a second; elsewhere there is one a second. */
const DRAW_MS = 250
const PRINT_MS = 1000
const REST_OF_LINE = '\x1b[K'

/** Starts a load, shows how it goes until its end, and prints what came of it. */
export async function load ({ start, look, cancel }: LoadApi, { json, everyMs }: { json: boolean, everyMs: number }, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  let view = await start()
  // It may have ended in that moment, and is then not there to be cancelled.
  signal.addEventListener('abort', () => { cancel(view.id).catch(() => {}) }, { once: true })
  while (view.state === 'running') {
    if (!json) terminal.print(terminal.isTerminal ? `\r${progressLine(view)}${REST_OF_LINE}` : `${progressLine(view)}\n`)
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

/** The body of POST /api/loads; its bounds are the lab's business. @throws UsageError */
export function readLoadOptions (args: string[]): { request: object, json: boolean } {
  const { rate, steps, path, service, duration, connections, timeout, body, json = false } = readOptions(args, {
    rate: { type: 'string' },
    steps: { type: 'string' },
    path: { type: 'string' },
    service: { type: 'string' },
    duration: { type: 'string' },
    connections: { type: 'string' },
    timeout: { type: 'string' },
    body: { type: 'string' },
    json: { type: 'boolean' }
  }).values
  if (path === undefined) throw new UsageError('load needs a --path')
  if ((rate === undefined) === (steps === undefined)) throw new UsageError('load needs either --rate or --steps')
  const request = {
    path,
    ratesPerSecond: (rate ?? steps)!.split(',').map(text => number('rates', text)),
    ...(service !== undefined && { service }),
    ...(duration !== undefined && { durationSeconds: seconds('--duration', duration) }),
    ...(connections !== undefined && { connections: number('--connections', connections) }),
    ...(timeout !== undefined && { timeoutSeconds: seconds('--timeout', timeout) }),
    ...(body !== undefined && { body: jsonOf(body) })
  }
  return { request, json }
}

function number (name: string, text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new UsageError(`${name}: expected a number, got ${JSON.stringify(text)}`)
  return Number(text)
}

const unitSeconds: Record<string, number> = { ms: 0.001, s: 1, m: 60 }

function seconds (name: string, text: string): number {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text) ?? []
  if (amount === undefined) throw new UsageError(`${name}: expected a duration like 500ms, 20s or 2m, got ${JSON.stringify(text)}`)
  return Number(amount) * unitSeconds[unit]!
}

function jsonOf (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError('--body is not valid JSON')
  }
}
