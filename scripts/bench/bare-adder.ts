// Takes the place of the API in its container, and adds jobs to a bare queue of BullMQ when it is asked to.
//   POST /add?batch=1&jobs=2000      answers when all have been added
// Every other request is a health check.
import { createServer, type ServerResponse } from 'node:http'
import { Queue } from 'bullmq'
import { BARE_PREFIX, BARE_QUEUE, connectBare, type BareEntry } from './bare-queue.ts'
import { percentile } from './figures.ts'
import { IN_FLIGHT } from './job-way.ts'

const queue = new Queue<BareEntry>(BARE_QUEUE, {
  connection: await connectBare(),
  prefix: BARE_PREFIX,
  defaultJobOptions: { removeOnComplete: true, removeOnFail: true }
})
queue.on('error', err => console.error(err))
await queue.waitUntilReady()

createServer((req, res) => {
  const { pathname, searchParams } = new URL(req.url!, 'http://api')
  if (pathname !== '/add') return res.end()
  answer(res, searchParams.get('batch')!, Number(searchParams.get('jobs'))).catch(err => res.destroy(err))
}).listen(3000)

async function answer (res: ServerResponse, batch: string, jobs: number): Promise<void> {
  const firstAcceptedMs = Date.now()
  const latenciesMs = await addAll(batch, jobs)
  const seconds = (Date.now() - firstAcceptedMs) / 1000
  const [p50Ms, p99Ms] = [percentile(latenciesMs, 0.5), percentile(latenciesMs, 0.99)]
  res.end(JSON.stringify({ firstAcceptedMs, seconds, p50Ms, p99Ms }))
}

/** Each of several loops adds the next job once its last one has been added. */
async function addAll (batch: string, jobs: number): Promise<number[]> {
  const latenciesMs: number[] = []
  let begun = 0
  async function loop (): Promise<void> {
    while (begun++ < jobs) {
      const startedMs = performance.now()
      await queue.add(batch, { jobs })
      latenciesMs.push(performance.now() - startedMs)
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, loop))
  return latenciesMs
}
