// npm run bench -- flat: 500 containers come and go beside the stack in ten minutes. Does the lab's memory stay the
// same?
import { setTimeout as delay } from 'node:timers/promises'
import type { Cgroup } from '#cgroup/cgroup.ts'
import { freePort } from '#scripts/local-stores/free-port.ts'
import { median } from './figures.ts'
import { cgroupOf } from './service-cgroup.ts'
import { Stack } from './stack.ts'
import { Visitors, VISITORS } from './visitors.ts'

const MINUTE_MS = 60_000
/**
 * After as many containers again, the lab keeps its maximum of departed containers, and V8's heap has found its size.
 */
const WARM_UP_MINUTES = 10
const MINUTES = 10
const A_MINUTE = 50
const LOOK_MS = 1000
const TOLERANCE = 0.05
const MIB = 1024 * 1024

interface Look { anonBytes: number, workingSetBytes: number }
interface Minute extends Look { minute: number }

process.env.LAB_PORT = String(await freePort())
process.env.LAB_SERVICES = `api worker postgres redis lab ${VISITORS}`
const stack = new Stack(await freePort())
const visitors = new Visitors(stack)

/** Lets containers come for a minute, and returns the medians of what the lab used in it. */
async function measure (cgroup: Cgroup, minute: number): Promise<Minute> {
  const [looks] = await Promise.all([lookOn(cgroup), visitors.come(A_MINUTE, MINUTE_MS / A_MINUTE)])
  const anonBytes = median(looks.map(({ anonBytes }) => anonBytes))
  const workingSetBytes = median(looks.map(({ workingSetBytes }) => workingSetBytes))
  console.error(`minute ${minute}: anonymous ${mib(anonBytes)} MiB, working set ${mib(workingSetBytes)} MiB`)
  return { minute, anonBytes, workingSetBytes }
}

async function lookOn (cgroup: Cgroup): Promise<Look[]> {
  const looks: Look[] = []
  const end = performance.now() + MINUTE_MS
  for (; performance.now() < end; await delay(LOOK_MS)) looks.push(look(cgroup))
  return looks
}

function look (cgroup: Cgroup): Look {
  const memory = cgroup.read()?.memory
  if (memory?.anonBytes == null || memory.workingSetBytes == null) throw new Error('the lab has gone, or its memory is not counted')
  return { anonBytes: memory.anonBytes, workingSetBytes: memory.workingSetBytes }
}

/** How many visitors the lab has watched: it logs each of them. */
async function watchedVisitors (): Promise<number> {
  const log = await stack.compose('logs', '--no-log-prefix', 'lab')
  return log.split('\n').filter(line => line.includes('"watching"') && line.includes(`-${VISITORS}-`)).length
}

/** The largest difference between a minute and the mean of all minutes, as a share of the mean. */
function spread (minutes: Minute[], what: keyof Look): number {
  const mean = minutes.reduce((sum, minute) => sum + minute[what], 0) / minutes.length
  return Math.max(...minutes.map(minute => Math.abs(minute[what] - mean) / mean))
}

function mib (bytes: number): string {
  return (bytes / MIB).toFixed(1)
}

const minutes: Minute[] = []
let watched = 0
try {
  await stack.compose('up', '--build', '--wait')
  const cgroup = await cgroupOf(stack.project, 'lab')
  for (let minute = 1 - WARM_UP_MINUTES; minute <= MINUTES; minute++) {
    const result = await measure(cgroup, minute)
    if (minute > 0) minutes.push(result)
  }
  cgroup.close()
  watched = await watchedVisitors()
} finally {
  await visitors.gone()
  await stack.down()
}

const spreads = { anonymous: spread(minutes, 'anonBytes'), workingSet: spread(minutes, 'workingSetBytes') }
const isFlat = Math.max(...Object.values(spreads)) <= TOLERANCE
console.log(`${visitors.started} containers came and went, the lab watched ${watched} of them. Its memory, medians of each minute after ${WARM_UP_MINUTES} of warm-up:\n`)
console.log('| minute | anonymous, MiB | working set, MiB |\n|---|---|---|')
for (const { minute, anonBytes, workingSetBytes } of minutes) console.log(`| ${minute} | ${mib(anonBytes)} | ${mib(workingSetBytes)} |`)
console.log(`\nfarthest from the mean: ${percent(spreads.anonymous)}, ${percent(spreads.workingSet)}: ${isFlat ? 'flat' : 'not flat'}`)
console.log('\n' + JSON.stringify({ started: visitors.started, watched, minutes, spreads, isFlat }))
process.exitCode = isFlat ? 0 : 1

function percent (share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
