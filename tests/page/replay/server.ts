/**
 * Serves the built page, and plays a lab behind it: for looking at the page, and for testing it, without containers.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import type { LimitRequest } from '#lab/wire/limits.ts'
import type { LoadSpec } from '#lab/wire/load.ts'
import type { StreamEvents } from '#lab/wire/stream.ts'
import type { JobRequest } from '#shared/jobs/job.ts'
import { ReplayClock, type ReplayMoment } from './clock.ts'
import { ReplayJobs } from './jobs.ts'
import { ReplayLimits } from './limits.ts'
import { ReplayLoads } from './loads.ts'
import { HOST, HZ } from './model.ts'
import { ReplayRuns } from './runs.ts'
import { ReplaySweeps, type SweepRequest } from './sweeps.ts'
import { World } from './world.ts'

export interface ReplayOptions {
  /** 0 = any free one. */
  port: number
  version: 'v1' | 'v2'
  /** Whether containers change their usage by themselves. */
  isScripted: boolean
  /** No service has a cgroup. */
  isWithoutLimits?: boolean
  /** The containers are those of another project, and no service of limits-lab is there. */
  isAttached?: boolean
  /** Whether there is a broker; there is, if this is not given. */
  canChangeLimits?: boolean
  /** Whether experiments, loads and sweeps may be started; they may, if this is not given. */
  isOn?: boolean
  /** How many containers the worker has; 2 if this is not given. */
  workers?: number
  /** How many seconds of the replay pass in one; 1 if this is not given. */
  speed?: number
  /** Seconds of history at the start. */
  pastSeconds: number
  /** The recorded run that is played for an experiment, by the name of its file; otherwise the first of its own. */
  recordings?: Record<string, string>
  /** Runs that have ended before, by the names of their files. */
  pastRuns?: string[]
  /** The built page: `dist/web` if this is not given. `dist/web-sample` has the chapters of the tests. */
  assets?: string
}

export interface Replay {
  url: string
  /** Sets the host's clock forward, or back. */
  setClock: (seconds: number) => void
  close: () => Promise<void>
}

const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:"
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml'
}

export async function startReplay (options: ReplayOptions): Promise<Replay> {
  const { port, version, isScripted, isWithoutLimits = false, isAttached = false } = options
  const { pastSeconds, recordings = {}, pastRuns = [] } = options
  const { workers = 2, speed = 1, assets = 'dist/web', canChangeLimits = true, isOn = true } = options
  const clock = new ReplayClock(pastSeconds, speed)
  const world = new World(version, workers)
  const jobs = new ReplayJobs(world)
  const runs = new ReplayRuns(clock, recordings, pastRuns, {
    onRun: run => { send('run', run) },
    onEvent: event => { world.events.push(event) }
  })
  const loads = new ReplayLoads(clock, world, load => { send('load', load) })
  const limits = new ReplayLimits(world, canChangeLimits)
  const sweeps = new ReplaySweeps({
    clock,
    world,
    limits,
    hasPressure: version === 'v2',
    onUpdate: sweep => {
      send('sweep', sweep)
      send('limits', limits.view)
    }
  })
  const streams = new Set<ServerResponse>()
  const life = randomUUID()
  for (let ms = -pastSeconds * 1000; ms < 0; ms += 1000 / HZ) {
    tick({ atMs: clock.wallMs + ms, uptimeSeconds: clock.uptimeSeconds + ms / 1000 })
  }
  let sentEvents = world.events.length
  const timer = setInterval(() => {
    const sample = tick({ atMs: clock.wallMs, uptimeSeconds: clock.uptimeSeconds })
    send('sample', sample)
    while (sentEvents < world.events.length) send('event', world.events[sentEvents++]!)
    if (sample.seq % HZ !== 0) return
    if (!isAttached) send('jobs', jobs.view(sample.containers.some(({ service, state }) => service === 'redis' && state === 'gone')))
    const { length } = sample.containers
    send('sampler', {
      hz: HZ,
      samplesTotal: sample.seq,
      missedTotal: 0,
      driftMs: 0.4,
      containers: length,
      strangers: 2
    })
  }, 1000 / HZ / speed)

  function tick (now: ReplayMoment) {
    if (isScripted) script(world)
    jobs.step()
    const sample = world.step(now)
    runs.step(sample.containers, now)
    loads.step(now.uptimeSeconds)
    sweeps.step()
    return isWithoutLimits ? { ...sample, containers: [] } : sample
  }

  function send<K extends keyof StreamEvents> (
    name: K, data: StreamEvents[K], to: Iterable<ServerResponse> = streams
  ): void {
    for (const stream of to) stream.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  function open (res: ServerResponse): void {
    res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    res.write('retry: 1000\n\n')
    send('hello', {
      version: '0.1.0',
      life,
      project: 'limits-lab',
      cgroupVersion: version,
      host: HOST,
      hz: HZ,
      keptSeconds: 900,
      services: isAttached ? [] : ['api', 'worker', 'postgres', 'redis', 'lab'],
      missing: [...isWithoutLimits ? ['limits'] as const : [], ...isAttached ? ['stack'] as const : []],
      events: world.events
    }, [res])
    send('limits', limits.view, [res])
    streams.add(res)
    res.on('close', () => streams.delete(res))
  }

  async function answer (req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = new URL(req.url ?? '/', 'http://localhost').pathname
    if (path === '/api/stream') open(res)
    else if (path === '/api/history') json(res, 200, world.history())
    else if (isAttached && /^\/api\/(jobs|whoami)/.test(path)) problem(res, 409, 'attached', 'The lab is attached.')
    else if (path === '/api/whoami') json(res, 200, world.beliefs())
    else if (path === '/api/jobs' && req.method === 'POST') accept(res, JSON.parse(await bodyOf(req)))
    else if (path.startsWith('/api/jobs/') && req.method === 'DELETE') cancel(res, path.slice('/api/jobs/'.length))
    else if (path === '/api/experiments') json(res, 200, { experiments: runs.views, running: runs.current })
    else if (/^\/api\/experiments\/[^/]+\/runs$/.test(path)) { start(res, path.split('/')[3]!, JSON.parse(await bodyOf(req))) } else if (path === '/api/runs') json(res, 200, { runs: runs.list(null) })
    else if (path.startsWith('/api/runs/')) aboutRun(res, path.slice('/api/runs/'.length), req.method === 'DELETE')
    else if (path === '/api/loads' && req.method === 'POST') startLoad(res, JSON.parse(await bodyOf(req)))
    else if (path === '/api/limits' && req.method === 'POST') changeLimits(res, JSON.parse(await bodyOf(req)))
    else if (path === '/api/sweeps' && req.method === 'POST') startSweep(res, JSON.parse(await bodyOf(req)))
    else if (path === '/api/sweeps') json(res, 200, { sweeps: sweeps.all })
    else if (path.startsWith('/api/sweeps/')) cancelSweep(res, path.slice('/api/sweeps/'.length))
    else if (path === '/api/loads') json(res, 200, { loads: loads.all })
    else if (path.startsWith('/api/loads/')) cancelLoad(res, path.slice('/api/loads/'.length))
    else file(res, assets, path)
  }

  function changeLimits (res: ServerResponse, request: LimitRequest): void {
    const refusal = limits.change(request)
    if (refusal !== null) { problem(res, 400, 'invalid_request', refusal); return }
    send('limits', limits.view)
    json(res, 200, {})
  }

  function startLoad (res: ServerResponse, request: Partial<LoadSpec>): void {
    if ((request.connections ?? 0) > 500) problem(res, 400, 'invalid_request', 'connections: expected a whole number from 1 to 500')
    else if (loads.running !== null) problem(res, 409, 'load_running', 'A load is running, and two at a time would measure each other.')
    else json(res, 202, loads.start(request))
  }

  function cancelLoad (res: ServerResponse, id: string): void {
    const load = loads.cancel(id)
    if (load === null) problem(res, 409, 'load_ended', 'This load has ended already.')
    else json(res, 202, load)
  }

  function startSweep (res: ServerResponse, request: SweepRequest): void {
    if (!isOn) problem(res, 403, 'sweeps_are_off', 'Sweeps are switched off here (LAB_EXPERIMENTS=off).')
    else if (request.goal.p99Ms > 60_000) problem(res, 400, 'invalid_request', 'goal.p99Ms: expected a number from 1 to 60000')
    else if (sweeps.running !== null) problem(res, 409, 'sweep_running', 'A sweep is running; one at a time. Wait for it, or cancel it.')
    else json(res, 202, sweeps.start(request))
  }

  function cancelSweep (res: ServerResponse, id: string): void {
    const sweep = sweeps.cancel(id)
    if (sweep === null) problem(res, 409, 'sweep_ended', 'This sweep has ended already.')
    else json(res, 202, sweep)
  }

  function start (res: ServerResponse, experiment: string, { prediction }: { prediction: string | null }): void {
    if (runs.current !== null) {
      const detail = `${runs.current.experiment} is running; one run at a time. Wait for it, or cancel it.`
      problem(res, 409, 'run_in_progress', detail)
      return
    }
    const run = runs.start(experiment, prediction)
    if (run === null) problem(res, 409, 'stack_not_ready', `There is no recorded run of ${experiment} to be replayed.`)
    else json(res, 202, run)
  }

  function aboutRun (res: ServerResponse, id: string, isToBeCancelled: boolean): void {
    const run = isToBeCancelled ? runs.cancel(id) : runs.find(id)
    if (run === null) problem(res, 404, 'unknown_run', 'There is no run with this id.')
    else json(res, isToBeCancelled ? 202 : 200, run)
  }

  function accept (res: ServerResponse, request: JobRequest): void {
    const isTooMuch = jobs.view(false).queue!.waiting >= 5
    if (isTooMuch) problem(res, 503, 'queue_unavailable', 'The queue does not answer. Nothing was accepted; try again.')
    else json(res, 202, jobs.post(request))
  }

  function cancel (res: ServerResponse, id: string): void {
    const isCancelled = jobs.cancel(id)
    if (isCancelled === null) problem(res, 404, 'unknown_job', 'There is no such job.')
    else if (!isCancelled) problem(res, 409, 'job_finished', 'This job has ended already.')
    else json(res, 202, { id })
  }

  const server = createServer((req, res) => { answer(req, res).catch(() => { res.writeHead(500).end() }) })
  server.listen(port, '127.0.0.1')
  await new Promise<void>((resolve, reject) => { server.once('listening', resolve); server.once('error', reject) })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    setClock: seconds => { clock.set(seconds) },
    close: () => { clearInterval(timer); return closed(server) }
  }
}

/** What happens in the containers by itself, repeated every 45 seconds. */
function script (world: World): void {
  const second = world.seconds % 45
  if (second === 3) world.want('worker', 1, { cores: 0.9 })
  if (second === 12) world.want('worker', 1, null)
  if (second === 14) world.want('worker', world.workers, { mib: 400, cores: 0.2 })
  if (second === 18) world.want('worker', world.workers, null)
  if (second === 20) world.want('postgres', 1, { fileMib: 190, cores: 0.15 })
  if (second === 24) world.restart('redis', 1, 4)
  if (second === 28) world.want('api', 1, { cores: 2, mib: 40 })
  if (second === 40) {
    world.want('api', 1, null)
    world.want('postgres', 1, { fileMib: 74 })
  }
}

function file (res: ServerResponse, assets: string, path: string): void {
  const name = normalize(path === '/' ? '/index.html' : path)
  const body = read(join(assets, name))
  if (body === null) {
    problem(res, 404, 'unknown_path', `There is nothing at ${path}.`)
    return
  }
  res
    .writeHead(200, {
      'content-type': types[extname(name)] ?? 'application/octet-stream',
      'content-security-policy': CSP
    })
    .end(body)
}

function read (path: string): Buffer | null {
  try { return readFileSync(path) } catch { return null }
}

function json (res: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  res.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(JSON.stringify(body))
}

function problem (res: ServerResponse, status: number, code: string, detail: string): void {
  json(res, status, { type: 'about:blank', title: code, status, code, detail }, 'application/problem+json')
}

async function bodyOf (req: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of req) text += String(chunk)
  return text
}

async function closed (server: Server): Promise<void> {
  const done = new Promise<void>(resolve => { server.close(() => { resolve() }) })
  server.closeAllConnections()
  await done
}
