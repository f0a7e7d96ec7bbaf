import { Gauge, type Registry } from 'prom-client'
import type { Refresh } from '#shared/metrics/scrape.ts'
import { within } from '#shared/process/within.ts'
import type { JobQueue } from './queue.ts'

const PATIENCE_MS = 500

/**
 * `queue_jobs`: how many jobs wait and how many are worked on. While Redis is away nobody knows, and the series are not
 * there.
 */
export function queueDepth (queue: Pick<JobQueue, 'depth'>, registry: Registry): Refresh {
  const gauge = new Gauge({ name: 'queue_jobs', help: 'Jobs in the queue.', labelNames: ['state'], registers: [registry] })
  return async () => {
    const depth = await within(PATIENCE_MS, queue.depth()).catch(() => null)
    gauge.reset()
    if (depth === null) return
    gauge.set({ state: 'waiting' }, depth.waiting)
    gauge.set({ state: 'active' }, depth.active)
  }
}
