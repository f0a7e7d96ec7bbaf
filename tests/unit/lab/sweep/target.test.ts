import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ForeignTarget, OwnTarget } from '#lab/sweep/target.ts'
import type { SweepSpec } from '#lab/wire/sweep.ts'
import { busyView, sampleOf } from '../support/samples.ts'
import { requestSpec } from '../support/trials.ts'

const jobSpec: SweepSpec = {
  ...requestSpec, service: 'worker', work: { kind: 'jobs', job: { kind: 'noop', params: {} } }
}

describe('a service of our own stack', () => {
  const up = { api: 'up', worker: 'up', postgres: 'up', redis: 'up' } as const
  const targetWith = (queue: { waiting: number, active: number } | null) => {
    const view = async () => ({ at: '', services: up, queue, latest: [] })
    return new OwnTarget(() => sampleOf(busyView({ service: 'api' })), view)
  }

  test('is up when it says so', async () => {
    expect(await targetWith(null).isUp(requestSpec)).toBe(true)
  })

  test('has nothing left over when no job waits or runs, and requests leave nothing', async () => {
    expect(await targetWith({ waiting: 0, active: 0 }).isIdle(jobSpec)).toBe(true)
    expect(await targetWith({ waiting: 0, active: 1 }).isIdle(jobSpec)).toBe(false)
    expect(await targetWith(null).isIdle(jobSpec)).toBe(false)
    expect(await targetWith(null).isIdle(requestSpec)).toBe(true)
  })
})

describe('a service of another project', () => {
  let server: Server
  let port: number
  beforeAll(async () => {
    server = createServer(socket => { socket.destroy() }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  })
  afterAll(() => { server.close() })

  const spec = (given: Partial<SweepSpec> = {}): SweepSpec => ({ ...requestSpec, service: 'web', port, ...given })
  const found = async () => [{ address: '127.0.0.1', family: 4 }]
  const targetWith = (find: typeof found) => new ForeignTarget(() => sampleOf(busyView({ service: 'web' })), find)

  test('is up when it takes a connection', async () => {
    expect(await targetWith(found).isUp(spec())).toBe(true)
    expect(await targetWith(found).wrong(spec())).toEqual([])
  })

  test('is not up when it takes none, and the reason names its port', async () => {
    expect(await targetWith(found).wrong(spec({ port: 1 }))).toEqual(['web takes no connection on port 1'])
  })

  test('is not up when none of its containers is found', async () => {
    const nobody = async () => { throw new Error('no container of shop is called web now') }
    expect(await targetWith(nobody).isUp(spec())).toBe(false)
  })

  test('that has no container cannot be swept', async () => {
    expect(await targetWith(found).wrong(spec({ service: 'db' }))).toEqual(['db has no container'])
  })
})
