// npm run bench -- growth [containers …]: what the lab costs as a service grows, and as containers that are not of the
// stack come and go beside it. Real workers would need much memory, so 1, 10 and 50 containers that sleep stand for
// them, beside the five of the stack. Prints CPU and memory of the lab, and the delay of its event loop.
import { setTimeout as delay } from 'node:timers/promises'
import type { Cgroup } from '#cgroup/cgroup.ts'
import { freePort } from '#scripts/local-stores/free-port.ts'
import { cgroupOf } from './service-cgroup.ts'
import { Stack } from './stack.ts'
import { Strangers } from './strangers.ts'

const SECONDS = 15
/** Code that runs for the first time is compiled, and new containers are read in full at first. */
const WARM_UP_MS = 10_000
const STACK_SIZE = 5
const STRANGERS = 50
const TURN_MS = 500
const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1, 10, 50]
const MIB = 1024 * 1024
/** Node measures how long a timer of this length takes, so that much of each delay is the timer's. */
const LOOP_TIMER_MS = 100

interface Row {
  containers: number
  strangers: number
  /** Strangers that came, and as many that went, while this was measured. */
  turns: number
  sampleUsPerContainer: number
  /** Of all that the lab does, in CPU time per second. */
  labMsPerSecond: number
  /** Without taking samples: finding containers, and all else that a lab does at rest. */
  otherMsPerSecond: number
  anonMib: number
  loopDelayP99Ms: number
}

process.env.LAB_PORT = String(await freePort())
const stack = new Stack(await freePort(), ['compose.yaml', 'scripts/bench/observe.compose.yaml'])
const strangers = new Strangers(stack.project)

/** Reading it makes the lab work, which is the same for every row. */
async function metrics (): Promise<Map<string, number>> {
  const text = await (await fetch(`http://127.0.0.1:${process.env.LAB_PORT}/metrics`)).text()
  return new Map(text.split('\n').filter(line => line.startsWith('limits_lab_') || line.startsWith('nodejs_'))
    .map(line => [line.slice(0, line.search(/[{ ]/)), Number(line.slice(line.lastIndexOf(' ') + 1))]))
}

function valueOf (metrics: Map<string, number>, name: string): number {
  const value = metrics.get(name)
  if (value === undefined) throw new Error(`the lab has no ${name}`)
  return value
}

function usageMs (lab: Cgroup): number {
  const usageUs = lab.read()?.cpu.usageUs
  if (usageUs == null) throw new Error('the lab has gone, or its CPU time is not counted')
  return usageUs / 1000
}

async function measure (lab: Cgroup, containers: number, present: number, act: () => Promise<number>): Promise<Row> {
  await delay(WARM_UP_MS)
  // The delay of the event loop is that since the metrics were read before.
  const before = await metrics()
  const [startMs, startedAt] = [usageMs(lab), performance.now()]
  const turns = await act()
  const seconds = (performance.now() - startedAt) / 1000
  const labMs = usageMs(lab) - startMs
  const after = await metrics()
  const rise = (name: string) => valueOf(after, name) - valueOf(before, name)
  const samplerMs = rise('limits_lab_sampler_cpu_seconds_total') * 1000
  return {
    containers,
    strangers: present,
    turns,
    sampleUsPerContainer: samplerMs * 1000 / rise('limits_lab_sampler_samples_total') / containers,
    labMsPerSecond: labMs / seconds,
    otherMsPerSecond: (labMs - samplerMs) / seconds,
    anonMib: (lab.read()?.memory.anonBytes ?? NaN) / MIB,
    loopDelayP99Ms: valueOf(after, 'nodejs_eventloop_lag_p99_seconds') * 1000 - LOOP_TIMER_MS
  }
}

async function atRest (): Promise<number> {
  await delay(SECONDS * 1000)
  return 0
}

async function until (name: string, value: number): Promise<void> {
  while (valueOf(await metrics(), name) < value) await delay(500)
}

const rows: Row[] = []
try {
  await stack.compose('up', '--build', '--wait', '--scale', 'sleeper=0')
  const lab = await cgroupOf(stack.project, 'lab')
  for (const size of SIZES) {
    console.error(`${size} containers …`)
    await stack.compose('up', '--detach', '--no-recreate', '--scale', `sleeper=${size}`)
    await until('limits_lab_containers', STACK_SIZE + size)
    rows.push(await measure(lab, STACK_SIZE + size, 0, atRest))
  }
  console.error(`${STRANGERS} strangers …`)
  const before = valueOf(await metrics(), 'limits_lab_strangers')
  await strangers.come(STRANGERS)
  await until('limits_lab_strangers', before + STRANGERS)
  const largest = STACK_SIZE + SIZES.at(-1)!
  rows.push(await measure(lab, largest, STRANGERS, atRest))
  rows.push(await measure(lab, largest, STRANGERS, () => strangers.takeTurns(SECONDS, TURN_MS)))
  lab.close()
} finally {
  await strangers.leave()
  await stack.down()
}

console.log('The lab at one sample a second, without a browser:\n')
console.log('| containers | strangers | came and went | sample, µs per container | lab, CPU ms a second | without samples | anonymous, MiB | event loop delay p99, ms |\n|---|---|---|---|---|---|---|---|')
for (const { containers, strangers, turns, sampleUsPerContainer, ...row } of rows) {
  const others = [row.labMsPerSecond, row.otherMsPerSecond, row.anonMib, row.loopDelayP99Ms]
  const words = [sampleUsPerContainer.toFixed(0), ...others.map(value => value.toFixed(1))]
  console.log(`| ${[containers, strangers, turns, ...words].join(' | ')} |`)
}
console.log('\n' + JSON.stringify({ at: new Date().toISOString(), seconds: SECONDS, rows }))
