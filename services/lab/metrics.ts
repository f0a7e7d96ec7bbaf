import { Router } from 'express'
import { Counter, Gauge, type Registry } from 'prom-client'
import type { OomCause } from '#cgroup/oom-cause.ts'
import type { Reading } from '#cgroup/reading.ts'
import type { WatchedContainer } from '#lab/observing/containers/watched.ts'
import type { Sampler } from '#lab/observing/sampling/sampler.ts'
import type { OomKill } from '#lab/wire/live.ts'
import { containerText, type ContainerState } from '#shared/metrics/container-text.ts'
import { addMachine } from '#shared/metrics/registry.ts'
import { withoutUnseenLag } from '#shared/metrics/scrape.ts'
import type { Ticker } from './clock.ts'
import type { Streams } from './stream.ts'

interface Deps {
  registry: Registry
  sampler: Pick<Sampler, 'watched' | 'newest' | 'unreadable'>
  beat: Ticker
  streams: Streams
  strangers: () => number
  images: Map<string, string>
  /** Whether there are cgroups to be read. */
  isMeasuring: boolean
}

/**
 * `/metrics`: all containers, from readings no older than the newest sample, which leaves out what only a scrape tells.
 */
export function metricsRoutes (deps: Deps): Router {
  const { registry, sampler, images } = deps
  addMachine(registry)
  addSampler(deps)
  const router = Router()
  router.get('/metrics', async (_req, res) => {
    const states = [...sampler.watched].map(watched => stateOf(watched, sampler.newest(watched, 'full'), images)).filter(state => state !== null)
    res.type(registry.contentType).send(containerText(states) + withoutUnseenLag(await registry.metrics()))
  })
  return router
}

/**
 * `null` while it is away: then its series are away too.
 *
 * A start is told only of a life that began under our eyes. No file of a cgroup holds it, on v1 or v2; and of the
 * directory kernfs keeps no birth time, while the other times are those of the first look at it since the kernel last
 * dropped it from its cache: made three seconds before anyone looked, it was as old as the look. What came of taking
 * them: google/cadvisor#1607, #1898, #2905.
 */
export function stateOf (watched: WatchedContainer, reading: Reading | null, images: Map<string, string>): ContainerState | null {
  const { found: { path, service, name, number, project }, effective, began, isAway } = watched
  if (isAway || reading === null) return null
  const image = images.get(service) ?? 'unknown'
  const identity = { project, service, name, number: number === null ? '' : String(number), image }
  return { identity, id: path, reading, effective, startedAtMs: began?.atMs ?? null }
}

function addSampler ({ registry, sampler, beat, streams, strangers, isMeasuring }: Deps): void {
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({ name, help, registers: [registry], collect () { this.set(value()) } })
  const counter = (name: string, help: string, value: () => number) =>
    new Counter({ name, help, registers: [registry], collect () { this.reset(); this.inc(value()) } })
  // Where there is nothing to be read, a 0 would claim that all of it was.
  if (isMeasuring) gauge('container_scrape_error', '1 if a container, or some value of one, could not be read.', () => sampler.unreadable > 0 ? 1 : 0)
  gauge('limits_lab_sampler_hz', 'Samples a second.', () => beat.hz)
  counter('limits_lab_sampler_samples_total', 'Samples taken.', () => beat.doneTotal)
  counter('limits_lab_sampler_missed_total', 'Samples not taken because the lab was busy or stopped.', () => beat.missedTotal)
  counter('limits_lab_sampler_cpu_seconds_total', 'CPU time of taking samples, and of telling them to the streams that are open.', () => beat.cpuSecondsTotal)
  gauge('limits_lab_sampler_drift_seconds', 'How late the last sample was.', () => beat.driftMs / 1000)
  gauge('limits_lab_containers', 'Containers of the stack that are there.', () => [...sampler.watched].filter(({ isAway }) => !isAway).length)
  gauge('limits_lab_strangers', 'Containers on the host that are not of the stack.', strangers)
  gauge('limits_lab_streams', 'Open event streams.', () => streams.size)
  counter('limits_lab_stream_dropped_total', 'Messages left out of streams that nobody read.', () => streams.droppedTotal)
}

const causes: OomCause[] = ['own_limit', 'not_own_limit', 'not_told']

/**
 * Counted by the lab, so that they live on when a container's own count goes with its cgroup. From 0 on: Prometheus
 * takes a series that begins at 1 for one that has not risen.
 */
export function createTallies (registry: Registry, services: string[]) {
  const registers = [registry]
  const help = 'Kills by an OOM killer seen since the lab started; cause: whether for the container\'s own limit.'
  const kills = new Counter({ name: 'limits_lab_oom_kills_total', help, labelNames: ['service', 'victim', 'cause'], registers })
  const restarts = new Counter({ name: 'limits_lab_restarts_total', help: 'Restarts seen since the lab started.', labelNames: ['service'], registers })
  for (const service of services) {
    for (const victim of ['child', 'pid1', 'unknown']) for (const cause of causes) kills.inc({ service, victim, cause }, 0)
    restarts.inc({ service }, 0)
  }
  return {
    onKills: (service: string, { victim, cause, kills: count }: OomKill) => kills.inc({ service, victim, cause }, count),
    onRestart: (service: string) => restarts.inc({ service })
  }
}
