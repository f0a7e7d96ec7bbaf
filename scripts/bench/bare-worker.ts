// Takes the place of the worker in its container: a bare worker of BullMQ, whose jobs do nothing. Prints a line when
// the last job of a batch is completed, because asking for it would cost CPU in the container.
import { createServer } from 'node:http'
import { Worker } from 'bullmq'
import { BARE_PREFIX, BARE_QUEUE, connectBare, type BareEnd, type BareEntry } from './bare-queue.ts'

interface Batch { completed: number, firstStartedMs: number }

const batches = new Map<string, Batch>()

const worker = new Worker<BareEntry>(BARE_QUEUE, async ({ name }) => {
  if (!batches.has(name)) batches.set(name, { completed: 0, firstStartedMs: Date.now() })
}, {
  connection: await connectBare(),
  prefix: BARE_PREFIX,
  concurrency: Number(process.env.CONCURRENCY),
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 0 }
})
worker.on('error', err => console.error(err))
worker.on('completed', ({ name, data }) => {
  const batch = batches.get(name)!
  if (++batch.completed < data.jobs) return
  const end: BareEnd = { batch: name, firstStartedMs: batch.firstStartedMs, lastEndedMs: Date.now() }
  console.log(JSON.stringify(end))
})
await worker.waitUntilReady()

// For the health check.
createServer((_req, res) => res.end()).listen(Number(process.env.PORT))
