import { beforeAll, expect, test } from '@jest/globals'
import type { ContainerView } from '#lab/wire/live.ts'
import type { JobKind } from '#shared/jobs/job.ts'
import { api, post, untilFinished } from './support/api.ts'
import type { CgroupUsage } from './support/cgroup-files.ts'
import { LabStream } from './support/lab-stream.ts'
import { MIB } from './support/limits.ts'
import { inspect, services, untilHealthy, type Service } from './support/stack.ts'
import { UsageWatch } from './support/usage-watch.ts'

const SECONDS = 60
const AGREED = 0.01
/** The mean of this many samples is the beginning or the end of the minute: one alone may fall into a burst of work. */
const AT_ENDS = 8

/** What the lab sent about a container, and what the files said at the same moment of the same clock. */
interface Pair { lab: ContainerView, files: CgroupUsage }

const pairs = new Map<Service, Pair[]>()

beforeAll(async () => {
  await untilHealthy()
  const ids = await Promise.all(services.map(async service => (await inspect(service)).Id))
  const watch = await UsageWatch.start(ids)
  const stream = await LabStream.open()
  await underLoad(SECONDS).finally(() => Promise.all([stream.close(), watch.stop()]))
  for (const [i, service] of services.entries()) pairs.set(service, pairUp(ids[i]!, stream, watch))
}, 250_000)

function pairUp (id: string, stream: LabStream, watch: UsageWatch): Pair[] {
  return stream.samples.filter(({ at }) => Date.parse(at) >= watch.sinceMs).map(({ at, containers }) => {
    const lab = containers.find(container => container.id === id)
    if (lab === undefined) throw new Error(`the sample of ${at} is without ${id}`)
    return { lab, files: watch.at(id, Date.parse(at)) }
  })
}

test.each(services)('over a minute of changing load the lab\'s CPU time, memory and tasks of %s agree with the kernel\'s files to 1 %%', service => {
  const of = pairs.get(service)!
  const [lab, files] = [of.map(({ lab }) => lab), of.map(({ files }) => files)]
  const off = {
    cpuSeconds: rise(lab.map(view => view.cpu.usageSecondsTotal!)) / rise(files.map(usage => usage.cpuSeconds)) - 1,
    memoryBytes: mean(lab.map(view => view.memory.currentBytes!)) / mean(files.map(usage => usage.memoryBytes)) - 1,
    tasks: mean(lab.map(view => view.pids.current!)) / mean(files.map(usage => usage.tasks)) - 1
  }
  console.log(`${service}: the lab is off by`, off, `in ${of.length} samples`)
  // There are four a second; on a busy machine some are missed.
  expect(of.length).toBeGreaterThan(3 * SECONDS)
  expect(Math.max(...Object.values(off).map(Math.abs))).toBeLessThan(AGREED)
})

test('the load of that minute did change', () => {
  for (const service of ['api', 'worker'] as const) {
    const files = pairs.get(service)!.map(({ files }) => files)
    expect(rise(files.map(({ cpuSeconds }) => cpuSeconds))).toBeGreaterThan(5)
    expect(spread(files.map(({ memoryBytes }) => memoryBytes))).toBeGreaterThan(50 * MIB)
  }
  expect(spread(pairs.get('worker')!.map(({ files }) => files.tasks))).toBeGreaterThan(20)
})

function mean (values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function rise (counts: number[]): number {
  return mean(counts.slice(-AT_ENDS)) - mean(counts.slice(0, AT_ENDS))
}

function spread (values: number[]): number {
  return Math.max(...values) - Math.min(...values)
}

const jobs: Array<[JobKind, object]> = [
  ['cpu', { ms: 1000, threads: 2 }],
  ['memory', { mib: 120, holdMs: 1500 }],
  ['processes', { count: 40, holdMs: 1500 }],
  ['sleep', { ms: 1000 }]
]
const requests = [
  '/work/cpu?ms=400',
  '/work/memory?mib=80&holdMs=1500',
  '/jobs?limit=100',
  '/work/memory?mib=20&holdMs=300'
]

/** One client gives work to the worker and another to the API; the kind of work changes every second or two. */
async function underLoad (seconds: number): Promise<void> {
  const endMs = Date.now() + seconds * 1000
  await Promise.all([
    again(endMs, i => work(jobs[i % jobs.length]!)),
    again(endMs, async i => { await (await api(requests[i % requests.length]!)).text() })
  ])
}

/** On a busy machine a job may be refused; then the next one follows. */
async function work ([kind, params]: [JobKind, object]): Promise<void> {
  const res = await post(kind, params)
  const { id } = await res.json() as { id?: string }
  if (id !== undefined) await untilFinished(id)
}

async function again (endMs: number, act: (i: number) => Promise<void>): Promise<void> {
  for (let i = 0; Date.now() < endMs; i++) await act(i)
}
