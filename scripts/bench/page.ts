// npm run bench -- page [workers …] [--minutes n]: what the page costs a browser. A replayed lab with 1, 10 and 50
// containers of the worker, or as many as are given, sends four samples a second to the page in a headless Chromium,
// whose graphics are drawn by the CPU. Prints what one sample costs the tab's main thread, by the clock and in CPU
// time, which a busy machine lengthens less, and how much memory the tab keeps over 30 minutes. Those pass ten times as
// fast: the page gets 40 samples a second.
import { execFileSync } from 'node:child_process'
import { loadavg } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { median } from './figures.ts'
import { PageReplay } from './page-replay.ts'
import { Tab, type Place, type TabMemory } from './page-tab.ts'
import { LONG_TASK_MS, tasksOf, updatesOf } from './page-trace.ts'
import { risePerHour } from './slope.ts'

const FRAME_MS = 16
const TRACED_SECONDS = 20
/** Code that runs for the first time is compiled, and history arrives. */
const WARM_UP_MS = 10_000
const SPEED = 10
/** The page keeps the last fifteen minutes, so its memory can be judged only after those. */
const HISTORY_MINUTES = 16
const MIB = 1024 * 1024
const places: Place[] = ['cards', 'charts', 'charts, 15 min']

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string', default: '30' } }
})
const sizes = positionals.length > 0 ? positionals.map(Number) : [1, 10, 50]
const minutes = Number(values.minutes)

interface Cost {
  workers: number
  place: Place
  updates: number
  medianMs: number
  p95Ms: number
  medianCpuMs: number
  p95CpuMs: number
  worstCpuMs: number
  /** Frames that took more than 16 ms, and tasks of more than 50 ms: by the clock, and in CPU time. */
  slowFrames: { wall: number, cpu: number }
  longTasks: { wall: number, cpu: number }
}

async function costsOf (workers: number): Promise<Cost[]> {
  const replay = await PageReplay.start(workers, 1)
  try {
    const tab = await Tab.open(replay.url)
    try {
      const costs: Cost[] = []
      for (const place of places) costs.push(await costAt(tab, workers, place))
      return costs
    } finally {
      await tab.close()
    }
  } finally {
    await replay.stop()
  }
}

async function costAt (tab: Tab, workers: number, place: Place): Promise<Cost> {
  await tab.lookAt(place)
  await delay(WARM_UP_MS)
  const tasks = tasksOf(await tab.trace(TRACED_SECONDS))
  const updates = updatesOf(tasks)
  const wall = updates.map(({ wallMs }) => wallMs)
  const cpu = updates.map(({ cpuMs }) => cpuMs)
  const frames = tasks.filter(({ isFrame }) => isFrame)
  return {
    workers,
    place,
    updates: updates.length,
    medianMs: median(wall),
    p95Ms: quantile(wall, 0.95),
    medianCpuMs: median(cpu),
    p95CpuMs: quantile(cpu, 0.95),
    worstCpuMs: Math.max(...cpu),
    slowFrames: above(FRAME_MS, frames),
    longTasks: above(LONG_TASK_MS, tasks)
  }
}

function above (ms: number, tasks: Array<{ wallMs: number, cpuMs: number }>): { wall: number, cpu: number } {
  return { wall: tasks.filter(({ wallMs }) => wallMs > ms).length, cpu: tasks.filter(({ cpuMs }) => cpuMs > ms).length }
}

function quantile (values: number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length * share) - 1]!
}

interface Minute extends TabMemory { minute: number }

/** Looks once a minute of the replay, from the moment on at which the history is full. */
async function memoryOver (workers: number): Promise<Minute[]> {
  const replay = await PageReplay.start(workers, SPEED)
  try {
    const tab = await Tab.open(replay.url)
    try {
      await delay(HISTORY_MINUTES * 60_000 / SPEED)
      const looks: Minute[] = []
      for (let minute = 0; minute <= minutes; minute++) {
        looks.push({ minute, ...await tab.memory() })
        await delay(60_000 / SPEED)
      }
      return looks
    } finally {
      await tab.close()
    }
  } finally {
    await replay.stop()
  }
}

execFileSync(process.execPath, ['scripts/build.js', 'web', 'page'], { stdio: 'inherit' })

const costs: Cost[] = []
for (const workers of sizes) {
  console.error(`${workers} containers of the worker …`)
  costs.push(...await costsOf(workers))
}
const most = Math.max(...sizes)
if (minutes > 0) console.error(`memory with ${most}, ${minutes} minutes in ${(minutes + HISTORY_MINUTES) / SPEED} …`)
const memory = minutes > 0 ? await memoryOver(most) : []

console.log('What one sample costs the main thread of the tab, in ms, and how many frames and tasks were slow:\n')
console.log('| workers | looking at | samples | by the clock, median | p95 | CPU, median | p95 | worst | frames > 16 ms (CPU) | tasks > 50 ms (CPU) |\n|---|---|---|---|---|---|---|---|---|---|')
for (const { workers, place, updates, slowFrames, longTasks, ...cost } of costs) {
  const times = [cost.medianMs, cost.p95Ms, cost.medianCpuMs, cost.p95CpuMs, cost.worstCpuMs].map(ms => ms.toFixed(1))
  const counts = [slowFrames, longTasks].map(({ wall, cpu }) => `${wall} (${cpu})`)
  console.log(`| ${[workers, place, updates, ...times, ...counts].join(' | ')} |`)
}
if (memory.length > 0) {
  const mib = memory.map(({ heapBytes }) => heapBytes / MIB)
  const nodes = memory.map(({ domNodes }) => domNodes)
  console.log(`\nThe tab with ${most} over ${minutes} minutes after its history was full: heap ${Math.min(...mib).toFixed(1)} to ${Math.max(...mib).toFixed(1)} MiB, rising by ${risePerHour(mib, 1).toFixed(2)} MiB an hour; ${Math.min(...nodes)} to ${Math.max(...nodes)} nodes.`)
}
const at = new Date().toISOString()
const how = { at, loadAverages: loadavg(), tracedSeconds: TRACED_SECONDS, speed: SPEED }
console.log('\n' + JSON.stringify({ ...how, costs, memory }))
