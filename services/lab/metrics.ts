import { Router } from 'express'
import { Counter, Gauge, type Registry } from 'prom-client'
import type { OomCause } from '#cgroup/oom-cause.ts'
import type { Reading } from '#cgroup/reading.ts'
import type { WatchedContainer } from '#lab/observing/containers/watched.ts'
import type { Observer } from '#lab/observing/observer.ts'
import type { DecidedKill } from '#lab/wire/live.ts'
import { containerText, type ScrapedContainer } from '#shared/metrics/container-text.ts'
import { addMachine } from '#shared/metrics/registry.ts'
import { withoutUnseenLag } from '#shared/metrics/scrape.ts'
import type { Streams } from './stream.ts'

interface Deps {
  registry: Registry
  observer: Pick<Observer, 'containers' | 'newest' | 'unreadable' | 'strangers' | 'isMeasuring' | 'sampling'>
  streams: Streams
  images: Map<string, string>
}

/** `/metrics` of all containers, no older than the newest sample. What samples leave out is read for the scrape. */
export function metricsRoutes (deps: Deps): Router {
  const { registry, observer, images } = deps
  addMachine(registry)
  addSampler(deps)
  const router = Router()
  router.get('/metrics', async (_req, res) => {
    const states = [...observer.containers]
      .map(watched => scrapedState(watched, observer.newest(watched, 'full'), images))
      .filter(state => state !== null)
    res.type(registry.contentType).send(containerText(states) + withoutUnseenLag(await registry.metrics()))
  })
  return router
}

/**
 * `null` while the container is away: then it has no series either.
 *
 * The start time is exported only for a life that began while the lab was watching. No file of a cgroup holds it, on v1
 * or v2. Nor does kernfs keep a birth time of the directory, and its other times are those of the first look since the
 * kernel last dropped it from its cache: a directory made three seconds before the first look appeared to be as old as
 * that look. For what happens if they are used, see google/cadvisor#1607, #1898, #2905.
 */
function scrapedState (
  watched: WatchedContainer, reading: Reading | null, images: Map<string, string>
): ScrapedContainer | null {
  const { found: { path, service, name, number, project }, effective, began, isAway } = watched
  if (isAway || reading === null) return null
  const image = images.get(service) ?? 'unknown'
  const identity = { project, service, name, number: number === null ? '' : String(number), image }
  return { identity, id: path, reading, effective, startedAtMs: began?.atMs ?? null }
}

function addSampler ({ registry, observer, streams }: Deps): void {
  const { sampling } = observer
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({ name, help, registers: [registry], collect () { this.set(value()) } })
  const counter = (name: string, help: string, value: () => number) =>
    new Counter({ name, help, registers: [registry], collect () { this.reset(); this.inc(value()) } })
  // Without cgroups to read, a 0 would claim that everything was read.
  if (observer.isMeasuring) {
    const help = '1 if a container, or some value of one, could not be read.'
    gauge('container_scrape_error', help, () => observer.unreadable > 0 ? 1 : 0)
  }
  gauge('limits_lab_sampler_hz', 'Samples per second.', () => sampling.hz)
  counter('limits_lab_sampler_samples_total', 'Samples taken.', () => sampling.doneTotal)
  counter('limits_lab_sampler_missed_total', 'Samples not taken because the lab was busy or stopped.', () => sampling.missedTotal)
  counter('limits_lab_sampler_cpu_seconds_total', 'CPU time of taking samples, and of sending them to the open streams.', () => sampling.cpuSecondsTotal)
  gauge('limits_lab_sampler_drift_seconds', 'How late the last sample was.', () => sampling.driftMs / 1000)
  const present = () => [...observer.containers].filter(({ isAway }) => !isAway).length
  gauge('limits_lab_containers', 'Containers of the stack that are present.', present)
  gauge('limits_lab_strangers', 'Containers on the host that are not of the stack.', () => observer.strangers)
  gauge('limits_lab_streams', 'Open event streams.', () => streams.size)
  counter('limits_lab_stream_dropped_total', 'Messages dropped because the client of a stream did not read.', () => streams.droppedTotal)
}

const causes: OomCause[] = ['own_limit', 'not_own_limit', 'not_counted']

/**
 * The lab counts kills and restarts itself, because a container's own count goes with its cgroup. Every series begins
 * at 0: Prometheus sees no rise in a series that begins at 1.
 */
export function createTallies (registry: Registry, services: string[]) {
  const registers = [registry]
  const kills = new Counter({
    name: 'limits_lab_oom_kills_total',
    help: 'Kills by an OOM killer seen since the lab started; cause: whether for the container\'s own limit.',
    labelNames: ['service', 'victim', 'cause'],
    registers
  })
  const restarts = new Counter({
    name: 'limits_lab_restarts_total',
    help: 'Restarts seen since the lab started.',
    labelNames: ['service'],
    registers
  })
  const begin = (service: string): void => {
    for (const victim of ['child', 'pid1', 'unknown']) {
      for (const cause of causes) kills.inc({ service, victim, cause }, 0)
    }
    restarts.inc({ service }, 0)
  }
  for (const service of services) begin(service)
  return {
    /** For a service that nobody has named. */
    onFound: begin,
    onKills: (service: string, oom: DecidedKill) => {
      const { victim, cause } = oom
      kills.inc({ service, victim, cause }, oom.kills)
    },
    onRestart: (service: string) => restarts.inc({ service })
  }
}
