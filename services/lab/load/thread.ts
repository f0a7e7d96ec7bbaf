import { parentPort, workerData } from 'node:worker_threads'
import type { Project } from '#lab/observing/containers/project-look-up.ts'
import type { LoadLive, LoadSpec } from '#lab/wire/load.ts'
import { Addresses, findIn, findOwn } from './addresses.ts'
import { requestText } from './connection.ts'
import { Generator } from './generator.ts'
import type { Measured } from './measurement.ts'
import { Schedule } from './schedule.ts'

/** The thread's `workerData`. */
export interface ThreadData { spec: LoadSpec, url: string, attached: Project | null }

/** What the thread sends to the lab. The lab sends it one message, which cancels the load. */
export type ThreadMessage =
  | { type: 'started' }
  | { type: 'live', live: LoadLive }
  | { type: 'ended', measured: Measured }

const { spec, url, attached } = workerData as ThreadData
const port = parentPort!
const send = (message: ThreadMessage): void => port.postMessage(message)

const addresses = new Addresses(url, attached === null ? findOwn : findIn(attached))
await addresses.start()
const generator = new Generator({
  schedule: new Schedule(spec.ratesPerSecond, spec.durationSeconds * 1000),
  text: requestText(spec, url),
  connections: spec.connections,
  timeoutMs: spec.timeoutSeconds * 1000,
  address: () => addresses.next()
})
port.once('message', () => generator.cancel())
send({ type: 'started' })
send({ type: 'ended', measured: await generator.run(live => send({ type: 'live', live })) })
addresses.close()
port.close()
