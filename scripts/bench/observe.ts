// npm run bench -- observe: what watching costs. The lab, `docker stats` and bare file reads look at the same
// containers once a second, which is about the fixed rate of `docker stats`. Prints CPU time per container and sample,
// side by side, at 5 to 100 containers, or at the numbers that are given: npm run bench -- observe 20
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { listContainers } from '#cgroup/containers.ts'
import { freePort } from '#scripts/local-stores/free-port.ts'
import { bareReads } from './bare-reads.ts'
import { docker, Stack } from './stack.ts'

const SECONDS = 15
/**
 * The daemon also makes the health checks, one for each container in ten seconds, so the window is a multiple of ten
 * seconds. With few containers it has to be long, or one more check would cost as much as all the reading.
 */
const daemonSeconds = (containers: number): number => Math.max(20, Math.ceil(30 / containers) * 10)
const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [5, 20, 50, 100]
const STACK_SIZE = 5
/** Code that runs for the first time is compiled, which costs CPU. */
const WARM_UP_MS = 15_000

/** Microseconds of CPU per container and sample. */
interface Row { containers: number, bareUs: number, labUs: number, labWithBrowserUs: number, statsUs: number }

process.env.LAB_PORT = String(await freePort())
const stack = new Stack(await freePort(), ['compose.yaml', 'scripts/bench/observe.compose.yaml'])
const lab = `http://127.0.0.1:${process.env.LAB_PORT}`

async function metric (name: string): Promise<number> {
  const text = await (await fetch(`${lab}/metrics`)).text()
  const line = new RegExp(`^${name} (.*)$`, 'm').exec(text)
  if (line === null) throw new Error(`the lab has no ${name}`)
  return Number(line[1])
}

/** The CPU of the sampler alone. With a stream open, this includes making and sending its events. */
async function labUs (containers: number): Promise<number> {
  const cpu = await metric('limits_lab_sampler_cpu_seconds_total')
  const samples = await metric('limits_lab_sampler_samples_total')
  await delay(SECONDS * 1000)
  const seconds = await metric('limits_lab_sampler_cpu_seconds_total') - cpu
  return seconds * 1e6 / (await metric('limits_lab_sampler_samples_total') - samples) / containers
}

async function labWithBrowserUs (containers: number): Promise<number> {
  const stream = get(`${lab}/api/stream`, res => res.resume())
  try {
    await delay(WARM_UP_MS)
    return await labUs(containers)
  } finally {
    stream.destroy()
  }
}

/** The CPU of the client and the daemon, minus what the daemon uses without a client. */
async function statsUs (ids: string[]): Promise<number> {
  const daemon = execFileSync('pgrep', ['-x', 'dockerd|containerd']).toString().trim().split('\n')
  const seconds = daemonSeconds(ids.length)
  const idle = await rise(() => cpuSeconds(daemon), seconds)
  const client = spawn('docker', ['stats', ...ids], { stdio: 'ignore' })
  await delay(3000)
  const busy = await rise(() => cpuSeconds([...daemon, String(client.pid)]), seconds)
  const samples = await statsSamplesPerSecond(ids[0]!) * seconds
  client.kill()
  return (busy - idle) * 1e6 / samples / ids.length
}

/** How often the daemon reads a container: it waits a second between rounds, and a round takes time itself. */
async function statsSamplesPerSecond (id: string): Promise<number> {
  const stream = get({ socketPath: '/var/run/docker.sock', path: `/containers/${id}/stats` })
  const [answer] = await once(stream, 'response') as [IncomingMessage]
  const read: number[] = []
  const lines = createInterface({ input: answer }).on('error', () => {})     // We cut it off below.
  for await (const line of lines) {
    read.push(Date.parse((JSON.parse(line) as { read: string }).read))
    if (read.at(-1)! - read[0]! >= SECONDS * 1000) break
  }
  stream.destroy()
  return (read.length - 1) * 1000 / (read.at(-1)! - read[0]!)
}

async function rise (value: () => number, seconds: number): Promise<number> {
  const before = value()
  await delay(seconds * 1000)
  return value() - before
}

function cpuSeconds (pids: string[]): number {
  const ticks = pids.map(pid => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' '))
    .map(fields => Number(fields[11]) + Number(fields[12]))
  return ticks.reduce((sum, ticks) => sum + ticks, 0) / 100
}

async function measure (containers: number): Promise<Row> {
  await stack.compose('up', '--detach', '--no-recreate', '--scale', `sleeper=${containers - STACK_SIZE}`)
  await untilWatching(containers)
  const ids = (await docker('ps', '-q', '--no-trunc', '--filter', `label=com.docker.compose.project=${stack.project}`)).split('\n')
  const paths = listContainers('/sys/fs/cgroup').filter(({ id }) => ids.includes(id)).map(({ path }) => path)
  return {
    containers,
    bareUs: await bareReads('/sys/fs/cgroup', paths, SECONDS),
    labUs: await labUs(containers),
    labWithBrowserUs: await labWithBrowserUs(containers),
    statsUs: await statsUs(ids)
  }
}

async function untilWatching (containers: number): Promise<void> {
  while (await metric('limits_lab_containers') !== containers) await delay(500)
}

const rows: Row[] = []
try {
  await stack.compose('up', '--build', '--wait', '--scale', 'sleeper=0')
  for (const size of SIZES) {
    console.error(`${size} containers …`)
    rows.push(await measure(size))
  }
} finally {
  await stack.down()
}

console.log('µs of CPU per container and sample, one sample a second:\n')
console.log('| containers | bare reads | lab | of bare | lab, one browser | of no browser | docker stats | lab of docker stats |\n|---|---|---|---|---|---|---|---|')
for (const { containers, bareUs, labUs, labWithBrowserUs, statsUs } of rows) {
  console.log(`| ${containers} | ${bareUs.toFixed(0)} | ${labUs.toFixed(0)} | ${(labUs / bareUs).toFixed(2)} | ${labWithBrowserUs.toFixed(0)} | ${(labWithBrowserUs / labUs).toFixed(2)} | ${statsUs.toFixed(0)} | ${(labUs / statsUs).toFixed(3)} |`)
}
console.log('\n' + JSON.stringify({ seconds: SECONDS, rows }))
