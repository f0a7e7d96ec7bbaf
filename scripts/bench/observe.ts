// npm run bench -- observe: what watching costs. The lab, `docker stats`, netdata, cAdvisor and bare file reads look at
// the same containers once a second, which is about the fixed rate of `docker stats`. Prints CPU time per container and
// sample, side by side, at 5 to 100 containers, or at the numbers that are given: npm run bench -- observe 20
import { loadavg } from 'node:os'
import { listContainers } from '#cgroup/containers.ts'
import { freePort } from '#scripts/local-stores/free-port.ts'
import { bareReads } from './bare-reads.ts'
import { dockerStatsUs } from './docker-stats.ts'
import { WatchingLab } from './lab-cost.ts'
import { cadvisor } from './monitors/cadvisor.ts'
import { monitorCost } from './monitors/cost.ts'
import { netdata } from './monitors/netdata.ts'
import { tables, type Row } from './observe-table.ts'
import { docker, Stack } from './stack.ts'

const BARE_SECONDS = 15
const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [5, 20, 50, 100]
const STACK_SIZE = 5

process.env.LAB_PORT = String(await freePort())
const stack = new Stack(await freePort(), ['compose.yaml', 'scripts/bench/observe.compose.yaml'])
const lab = new WatchingLab(`http://127.0.0.1:${process.env.LAB_PORT}`)

async function measure (containers: number): Promise<Row> {
  await stack.compose('up', '--detach', '--no-recreate', '--scale', `sleeper=${containers - STACK_SIZE}`)
  await lab.untilWatching(containers)
  const ids = (await docker('ps', '-q', '--no-trunc', '--filter', `label=com.docker.compose.project=${stack.project}`)).split('\n')
  const paths = listContainers('/sys/fs/cgroup').filter(({ id }) => ids.includes(id)).map(({ path }) => path)
  const others = {
    bareUs: await bareReads('/sys/fs/cgroup', paths, BARE_SECONDS),
    dockerStatsUs: await dockerStatsUs(ids),
    netdata: await monitorCost(netdata, ids),
    cadvisor: await monitorCost(cadvisor, ids)
  }
  // By now the lab has run for some minutes, and V8 has compiled what it uses.
  const pid = await labPid()
  const labCost = await lab.cost(containers, pid)
  return { containers, ...others, lab: labCost, labWithBrowser: await lab.costWithBrowser(containers, pid) }
}

async function labPid (): Promise<number> {
  return Number(await docker('inspect', '-f', '{{.State.Pid}}', (await stack.compose('ps', '-q', 'lab')).trim()))
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

console.log(`µs of CPU per container and sample, one sample a second:\n\n${tables(rows)}`)
console.log('\n' + JSON.stringify({ at: new Date().toISOString(), loadAverage: loadavg(), rows }))
