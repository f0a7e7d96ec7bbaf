// npm run bench -- oom: how long after the kernel kills a process a client of the lab's stream is told. Memory jobs
// outgrow the worker's container, 50 of them. Then the CPU that the lab uses at rest. The number of containers may
// follow the name: npm run bench -- oom 20
//
// When the kernel killed is read from the container's own count, every millisecond, in the process that also reads the
// stream. The time of the last look without the kill is taken, so the figures are at most a look too long, never too
// short. (The kernel's log has finer times, on a clock that drifts away from ours.)
import { setTimeout as delay } from 'node:timers/promises'
import type { Cgroup } from '#cgroup/cgroup.ts'
import { freePort } from '#scripts/local-stores/free-port.ts'
import { median, percentile, printTable, type Figure } from './figures.ts'
import { KillClock } from './kill-clock.ts'
import { KillNews } from './kill-news.ts'
import { cgroupOf } from './service-cgroup.ts'
import { docker, Stack } from './stack.ts'

const KILLS = 50
const MIB = 512
const REST_SECONDS = 20
const PATIENCE_MS = 30_000
const STACK_SIZE = 5
const CONTAINERS = Number(process.argv[2] ?? STACK_SIZE)

process.env.LAB_PORT = String(await freePort())
process.env.LAB_HZ = '4'
const stack = new Stack(await freePort(), ['compose.yaml', 'scripts/bench/observe.compose.yaml'])
const lab = `http://127.0.0.1:${process.env.LAB_PORT}`

/** One kill after the other, each told before the next. */
async function killFigures (): Promise<Figure[]> {
  const worker = await cgroupOf(stack.project, 'worker')
  const clock = new KillClock(worker)
  const news = await KillNews.open(`${lab}/api/stream`, 'worker')
  const [told, decided]: [number[], number[]] = [[], []]
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      const { id } = await stack.post({ kind: 'memory', params: { mib: MIB } })
      const killedAtMs = await soon(() => clock.killedAtMs[kill], `kill ${kill + 1}`)
      const event = await soon(() => news.kills[kill], `the news of kill ${kill + 1}`)
      told.push(event.toldAtMs - killedAtMs)
      decided.push(await soon(() => event.decidedAtMs, `the victim of kill ${kill + 1}`) - killedAtMs)
      await stack.finished(id)
    }
  } finally {
    clock.stop()
    news.close()
    worker.close()
  }
  const note = `${KILLS} kills`
  return [
    { what: 'kill to news, median', value: median(told), unit: 'ms', note },
    { what: 'kill to news, p95', value: percentile(told, 0.95), unit: 'ms', note },
    { what: 'kill to news, worst', value: Math.max(...told), unit: 'ms', note },
    { what: 'kill to victim, median', value: median(decided), unit: 'ms', note },
    { what: 'kill to victim, worst', value: Math.max(...decided), unit: 'ms', note }
  ]
}

async function soon<T> (find: () => T | null | undefined, what: string): Promise<T> {
  const startedAt = performance.now()
  for (;;) {
    const found = find()
    if (found !== null && found !== undefined) return found
    if (performance.now() - startedAt > PATIENCE_MS) throw new Error(`waited ${PATIENCE_MS} ms for ${what}`)
    await delay(5)
  }
}

async function restFigures (): Promise<Figure[]> {
  const own = await cgroupOf(stack.project, 'lab')
  const atRest = await cpuMsPerSecond(own)
  const news = await KillNews.open(`${lab}/api/stream`, 'worker')
  await delay(5000)
  const withBrowser = await cpuMsPerSecond(own)
  news.close()
  own.close()
  const note = `${CONTAINERS} containers, four samples a second, ${REST_SECONDS} s`
  return [
    { what: 'lab at rest', value: atRest, unit: 'ms CPU/s', note },
    { what: 'lab with one browser', value: withBrowser, unit: 'ms CPU/s', note }
  ]
}

async function cpuMsPerSecond (cgroup: Cgroup): Promise<number> {
  const before = cgroup.read()!
  await delay(REST_SECONDS * 1000)
  const after = cgroup.read()!
  return (after.cpu.usageUs! - before.cpu.usageUs!) / (after.monotonicUs - before.monotonicUs) * 1000
}

const figures: Figure[] = []
try {
  await stack.compose('up', '--build', '--wait', '--scale', `sleeper=${CONTAINERS - STACK_SIZE}`)
  await delay(15_000)      // Code that runs for the first time is compiled, which costs CPU.
  console.error('at rest …')
  figures.push(...await restFigures())
  console.error(`${KILLS} kills …`)
  figures.push(...await killFigures())
} finally {
  await stack.down()
}

printTable(figures)
const cgroup = await docker('info', '-f', '{{.CgroupVersion}}')
console.log(JSON.stringify({ at: new Date().toISOString(), cgroup, containers: CONTAINERS, figures }))
