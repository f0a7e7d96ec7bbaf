import { setTimeout as pause } from 'node:timers/promises'
import type { SweepView } from '#lab/wire/sweep.ts'
import { askLab } from './ask.ts'
import {
  readJson, readNumber, readOptions, readSeconds, readShare, UsageError, type Command, type ExitCode, type Terminal
} from './command.ts'
import { readTarget } from './target.ts'
import { progressLine, resultText, startText, trialText, typeText } from './sweep-text.ts'

export const sweepCommand: Command = {
  name: 'sweep',
  synopsis: "sweep --path '/work/cpu?ms=5' | URL --rate N [--service api|worker] [--body JSON] | --job KIND --rate N [--params JSON]\n" +
    '                 [--p99 250ms] [--max-failed 0.1%] [--max-pressure 10%] [--margin 20%]\n' +
    '                 [--only cpus|memory] [--json]',
  help: `
sweep: finds the smallest limits with which a service meets a goal, by trials under load, and recommends limits
  URL             beside another project: http://SERVICE:PORT/PATH of a service that was found there
  --path          the path to request; begins with /
  --body          JSON; makes each request a POST
  --service       whose limits, and who gets the requests: api or worker (api)
  --job           instead of requests: jobs of this kind, for the worker
  --params        of each job, as JSON
  --rate          requests or jobs a second
  --p99           how long one of a hundred may take or more (250ms)
  --max-failed    the share that may fail (0.1%)
  --max-pressure  the share of time in which it may wait for memory, where the kernel says that (10%)
  --margin        what is recommended on top of the smallest limits (20%)
  --only          cpus or memory: the limit that is searched for; the other stays as it is
  --json          the result as JSON
  It takes about five minutes. Ctrl-C ends it. However it ends, the limits are as before.
  Exit code 1: there is no recommendation that was confirmed.`,
  run: async (args, { url, terminal, signal }) => {
    const { request, json } = readSweepOptions(args)
    return sweep({
      start: () => askLab(`${url}/api/sweeps`, { method: 'POST', body: request }),
      look: id => askLab(`${url}/api/sweeps/${id}`),
      cancel: id => askLab(`${url}/api/sweeps/${id}`, { method: 'DELETE' })
    }, json, terminal, signal)
  }
}

export interface SweepApi {
  start: () => Promise<SweepView>
  look: (id: string) => Promise<SweepView>
  cancel: (id: string) => Promise<unknown>
}

const POLL_MS = 250
const REST_OF_LINE = '\x1b[K'

/** Starts a sweep, prints each trial as it ends, then the result. */
export async function sweep (
  { start, look, cancel }: SweepApi, json: boolean, terminal: Terminal, signal: AbortSignal
): Promise<ExitCode> {
  let view = await start()
  // If it has just ended, there is nothing left to cancel.
  signal.addEventListener('abort', () => { cancel(view.id).catch(() => {}) }, { once: true })
  const progress = new Progress(json ? { isTerminal: false, print: () => {} } : terminal)
  progress.begin(view)
  while (view.state === 'running') {
    progress.show(view)
    await pause(POLL_MS)
    view = await look(view.id)
  }
  progress.end(view)
  if (json) terminal.print(`${JSON.stringify(view)}\n`)
  return view.result?.outcome === 'recommended' ? 0 : 1
}

/** What is printed while a sweep runs: a line for each trial, and on a terminal a line that is drawn again. */
class Progress {
  readonly #terminal: Terminal
  #printedTrials = 0
  #printedLine: string | null = null

  constructor (terminal: Terminal) { this.#terminal = terminal }

  begin (view: SweepView): void { this.#terminal.print(startText(view)) }

  show (view: SweepView): void {
    this.#printNews(view)
    if (this.#terminal.isTerminal) this.#terminal.print(`\r${progressLine(view)}${REST_OF_LINE}`)
  }

  end (view: SweepView): void {
    this.#printNews(view)
    this.#terminal.print(`${this.#clear}${resultText(view)}`)
  }

  #printNews ({ trials, toType }: SweepView): void {
    for (const trial of trials.slice(this.#printedTrials)) this.#terminal.print(`${this.#clear}${trialText(trial)}`)
    this.#printedTrials = trials.length
    if (toType !== null && toType !== this.#printedLine) this.#terminal.print(`${this.#clear}${typeText(toType)}`)
    this.#printedLine = toType
  }

  get #clear (): string { return this.#terminal.isTerminal ? `\r${REST_OF_LINE}` : '' }
}

/** The body of POST /api/sweeps. The lab checks its bounds. @throws UsageError */
export function readSweepOptions (args: string[]): { request: object, json: boolean } {
  const { values, words: [url] } = readOptions(args, {
    path: { type: 'string' },
    body: { type: 'string' },
    service: { type: 'string' },
    job: { type: 'string' },
    params: { type: 'string' },
    rate: { type: 'string' },
    p99: { type: 'string' },
    'max-failed': { type: 'string' },
    'max-pressure': { type: 'string' },
    margin: { type: 'string' },
    only: { type: 'string' },
    json: { type: 'boolean' }
  }, 1)
  const { path, body, service, job, params, rate, only, json = false, ...limits } = values
  if (url !== undefined && (path ?? service) !== undefined) throw new UsageError('a URL has the service and the path in it')
  const works = [url, path, job].filter(given => given !== undefined)
  if (works.length !== 1) throw new UsageError('sweep needs a --path, a URL, or a --job')
  if (rate === undefined) throw new UsageError('sweep needs a --rate')
  if (params !== undefined && job === undefined) throw new UsageError('--params are those of a --job')
  const { p99, margin, 'max-failed': maxFailed, 'max-pressure': maxPressure } = limits
  const request = {
    ratePerSecond: readNumber('--rate', rate),
    ...(url === undefined ? path !== undefined && { path } : readTarget(url)),
    ...(body !== undefined && { body: readJson('--body', body) }),
    ...(service !== undefined && { service }),
    ...(job !== undefined && { job: { kind: job, params: readJson('--params', params ?? '{}') } }),
    ...(only !== undefined && { only }),
    ...(margin !== undefined && { marginShare: readShare('--margin', margin) }),
    goal: {
      ...(p99 !== undefined && { p99Ms: readSeconds('--p99', p99) * 1000 }),
      ...(maxFailed !== undefined && { maxFailedShare: readShare('--max-failed', maxFailed) }),
      ...(maxPressure !== undefined && { maxPressureShare: readShare('--max-pressure', maxPressure) })
    }
  }
  return { request, json }
}
