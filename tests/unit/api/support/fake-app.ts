import type { Express } from 'express'
import { Registry } from 'prom-client'
import { createApp, type Deps } from '#api/app.ts'
import { readConfig } from '#api/config.ts'
import type { Jobs, Queue } from '#api/routes/jobs.ts'
import type { Cgroup } from '#cgroup/cgroup.ts'
import type { NoCgroup } from '#cgroup/locate.ts'
import type { Job, JobKind } from '#shared/jobs/job.ts'
import { timeRequests } from '#shared/metrics/registry.ts'
import { Scrape } from '#shared/metrics/scrape.ts'
import { OwnContainer } from '#shared/process/own-container.ts'
import { Markers } from '#shared/work/markers.ts'
import { capturedLog, type CapturedLog } from '#support/captured-log.ts'
import { fullReading } from '#support/readings.ts'

export interface Fake extends CapturedLog {
  app: Express
  /** The calls of the queue, in order. */
  queued: string[]
  accepted: JobKind[]
}

interface Given {
  jobs?: Partial<Jobs>
  queue?: Partial<Queue>
  config?: Partial<Deps['config']>
  health?: Partial<Deps['health']>
  markers?: Markers
  cgroup?: Cgroup | NoCgroup
}

export const anId = '019ab000-0000-7000-8000-000000000001'

export function aJob (given: Partial<Job> = {}): Job {
  return {
    id: anId,
    kind: 'noop',
    params: {},
    status: 'queued',
    attempts: 0,
    createdAt: new Date('2026-01-02T03:04:05.678Z'),
    startedAt: null,
    finishedAt: null,
    worker: null,
    usage: null,
    result: null,
    error: null,
    ...given
  } as Job
}

const quiet: Cgroup = {
  path: '/',
  read: () => fullReading(),
  oomKills: () => null,
  effectiveLimits: () => null,
  faults: () => [],
  close: () => {}
}

/** The api with a store that holds one queued job, and a queue that takes everything, but for what is given. */
export function fakeApp ({ jobs, queue, config, health, markers = new Markers([]), cgroup = quiet }: Given = {}): Fake {
  const { log, lines } = capturedLog()
  const queued: string[] = []
  const accepted: JobKind[] = []
  const registry = new Registry()
  const own = new OwnContainer(cgroup, 'abc', {
    project: 'limits-lab',
    service: 'api',
    name: 'limits-lab-api-1',
    number: '1',
    image: ''
  })
  const known = (id: string) => (id === anId ? aJob() : null)
  const app = createApp({
    config: { ...readConfig({ DATABASE_URL: 'postgres://postgres/lab', REDIS_URL: 'redis://redis:6379' }), ...config },
    own,
    health: { required: {}, optional: {}, isStopping: () => false, ...health },
    scrape: new Scrape(registry, own, log),
    timeRequests: timeRequests(registry),
    markers,
    jobs: {
      create: async request => aJob(request),
      find: async id => known(id),
      list: async () => [],
      cancel: async id => known(id),
      ...jobs
    },
    queue: {
      add: async (id, kind) => { queued.push(`add ${kind} ${id}`) },
      remove: async id => { queued.push(`remove ${id}`) },
      ...queue
    },
    onAccepted: kind => accepted.push(kind),
    docsAssets: 'node_modules/swagger-ui-dist',
    version: '1.2.3',
    log
  })
  return { app, queued, accepted, log, lines }
}
