import { setTimeout as delay } from 'node:timers/promises'
import type { Figure } from './figures.ts'
import type { Stack } from './stack.ts'

const SCRAPES = 100
const CPU = 'container_cpu_usage_seconds_total'

/** The CPU time of one scrape, minus what the service uses in the same time without scrapes. */
export async function scrapeFigures (stack: Stack): Promise<Figure[]> {
  const api = await cpuMsPerScrape(stack, 'api', 3000)
  const worker = await cpuMsPerScrape(stack, 'worker', 9464)
  return [api, worker]
}

async function cpuMsPerScrape (stack: Stack, service: 'api' | 'worker', port: number): Promise<Figure> {
  const scrapes = (): Promise<string> =>
    stack.compose('exec', '-T', service === 'api' ? 'worker' : 'api', 'node', '-e', scraper(service, port))
  await scrapes()
  const start = await cpuSeconds(stack, service)
  const startedAt = performance.now()
  await scrapes()
  const elapsedMs = performance.now() - startedAt
  const middle = await cpuSeconds(stack, service)
  await delay(elapsedMs)
  const end = await cpuSeconds(stack, service)
  const cpuMs = ((middle - start) - (end - middle)) * 1000 / SCRAPES
  return { what: `scrape of ${service}`, value: cpuMs, unit: 'ms CPU', note: `mean of ${SCRAPES}` }
}

/** Runs in the container of another service, so that the cost of asking is not included. */
function scraper (service: string, port: number): string {
  return `(async () => { for (let i = 0; i < ${SCRAPES}; i++) await (await fetch('http://${service}:${port}/metrics')).text() })()`
}

async function cpuSeconds (stack: Stack, service: 'api' | 'worker'): Promise<number> {
  return (await stack.metrics(service)).get(CPU)!
}
