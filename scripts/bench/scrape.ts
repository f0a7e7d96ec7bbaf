import { setTimeout as delay } from 'node:timers/promises'
import { median, type Figure } from './figures.ts'
import type { Stack } from './stack.ts'

const SCRAPES = 100
const ROUNDS = 5
const CPU = 'container_cpu_usage_seconds_total'

const ports = { api: 3000, worker: 9464 }
type Service = keyof typeof ports

/**
 * The CPU time of one scrape, minus what the service uses in the same time without scrapes. The services take turns,
 * so that what else the machine does meets both. The first round is not counted: their code is not compiled yet.
 */
export async function scrapeFigures (stack: Stack): Promise<Figure[]> {
  const cpuMs: Record<Service, number[]> = { api: [], worker: [] }
  for (let round = 0; round <= ROUNDS; round++) {
    for (const service of ['api', 'worker'] as const) cpuMs[service].push(await cpuMsPerScrape(stack, service))
  }
  return [figure('api', cpuMs.api.slice(1)), figure('worker', cpuMs.worker.slice(1))]
}

function figure (service: Service, cpuMs: number[]): Figure {
  const range = `${Math.min(...cpuMs).toFixed(2)} to ${Math.max(...cpuMs).toFixed(2)}`
  return { what: `scrape of ${service}`, value: median(cpuMs), unit: 'ms CPU', note: `median of ${ROUNDS} rounds of ${SCRAPES}, ${range}` }
}

async function cpuMsPerScrape (stack: Stack, service: Service): Promise<number> {
  const start = await cpuSeconds(stack, service)
  const startedAt = performance.now()
  await stack.compose('exec', '-T', service === 'api' ? 'worker' : 'api', 'node', '-e', scraper(service))
  const elapsedMs = performance.now() - startedAt
  const middle = await cpuSeconds(stack, service)
  await delay(elapsedMs)
  const end = await cpuSeconds(stack, service)
  return ((middle - start) - (end - middle)) * 1000 / SCRAPES
}

/** Runs in the container of another service, so that the cost of asking is not included. */
function scraper (service: Service): string {
  const url = `http://${service}:${ports[service]}/metrics`
  return `(async () => { for (let i = 0; i < ${SCRAPES}; i++) await (await fetch('${url}')).text() })()`
}

async function cpuSeconds (stack: Stack, service: Service): Promise<number> {
  return (await stack.metrics(service)).get(CPU)!
}
