import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createStage, type Stage } from './support/worker-process.ts'

let stage: Stage
beforeAll(async () => { stage = await createStage() }, 60_000)
afterAll(() => stage.close())

test('case 14: a worker without a cgroup and a network of its own does jobs, measures how long they take, and reports nothing of the machine', async () => {
  const worker = await stage.startWorker({ OWN_CGROUP: 'none', OWN_NETWORK: 'none' })
  const job = await stage.ended(await stage.post({ kind: 'cpu', params: { ms: 50, threads: 1 } }))
  expect(job).toMatchObject({
    status: 'succeeded',
    usage: { cpuSeconds: null, throttledSeconds: null, peakMemoryBytes: null, wallMs: expect.any(Number) }
  })
  const metrics = await (await fetch(`${worker.url}/metrics`)).text()
  expect(metrics).not.toContain('container_')
  expect(metrics).toMatch(/^queue_jobs\{state="waiting"\} 0$/m)
}, 60_000)
