// npm run bench -- costs: builds the images, starts a stack of its own, measures it and removes it. Prints a table and
// JSON.
import { freePort } from '#scripts/local-stores/free-port.ts'
import { printTable, type Figure } from './figures.ts'
import { imageFigures } from './images.ts'
import { cpuFigures, noopFigures, postFigures } from './job-costs.ts'
import { idleMemoryFigures } from './memory.ts'
import { scrapeFigures } from './scrape.ts'
import { docker, Stack } from './stack.ts'

const stack = new Stack(await freePort())
const figures: Figure[] = []

async function measure (what: string, question: (stack: Stack) => Promise<Figure[]>): Promise<void> {
  console.error(`${what} …`)
  figures.push(...await question(stack))
}

async function startFigures (): Promise<Figure[]> {
  const startedAt = performance.now()
  await stack.compose('up', '--wait')
  const seconds = (performance.now() - startedAt) / 1000
  return [{ what: 'docker compose up to all healthy', value: seconds, unit: 's', note: 'images built, volumes new' }]
}

try {
  await stack.compose('build')
  await measure('start', startFigures)
  await measure('idle memory', idleMemoryFigures)
  await measure('images', imageFigures)
  await measure('scrapes', scrapeFigures)
  await measure('POST /jobs', postFigures)
  await measure('noop jobs', noopFigures)
  await measure('cpu jobs', cpuFigures)
} finally {
  await stack.down()
}

printTable(figures)
const host = {
  engine: await docker('version', '-f', '{{.Server.Version}}'),
  cgroup: await docker('info', '-f', '{{.CgroupVersion}}'),
  cpus: await docker('info', '-f', '{{.NCPU}}')
}
console.log(JSON.stringify({ at: new Date().toISOString(), host, figures }))
