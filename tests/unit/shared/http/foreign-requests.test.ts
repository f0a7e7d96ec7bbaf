import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from '@jest/globals'
import type { Express } from 'express'
import { askLab } from '#lab/cli/ask.ts'
import { barrage } from '../../../e2e/support/barrage.ts'
import { foreignRequests, refusalFault, type Target } from '../../../e2e/support/foreign-requests.ts'
import { seed, Seeded } from '../../../e2e/support/seeded.ts'
import { fakeApp } from '../../api/support/fake-app.ts'
import { fakeLab } from '../../lab/support/fake-app.ts'

const REQUESTS = 2000
const ends: Array<() => void> = []
afterEach(() => { for (const end of ends.splice(0)) end() })

async function listening (app: Express): Promise<number> {
  const server = app.listen(0, '127.0.0.1')
  ends.push(() => { server.close(); server.closeAllConnections() })
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

test(`${REQUESTS} requests from elsewhere to API and lab: the guard refuses each, and still answers those that are allowed`, async () => {
  const api = fakeApp()
  const asked: string[] = []
  const lab = fakeLab({ api: path => { asked.push(path); return { status: 202, text: '{}' } } })
  const targets: Target[] = [{ service: 'api', port: await listening(api.app) }, { service: 'lab', port: await listening(lab.app) }]

  const number = seed()
  const random = new Seeded(number)
  const { faults, answers } = await barrage(REQUESTS, i => {
    const target = targets[i % 2]!
    const request = foreignRequests[(i >> 1) % foreignRequests.length]!(random, target)
    return { request, port: target.port, faultOf: refusalFault }
  })

  expect({ seed: number, faults }).toEqual({ seed: number, faults: [] })
  expect(Object.keys(answers)).toEqual(['400', '403', '421'])
  expect([api.queued, api.accepted, asked, lab.streams.size]).toEqual([[], [], [], 0])
  for (const { port, service } of targets) {
    const url = `http://127.0.0.1:${port}${service === 'api' ? '' : '/api'}/jobs`
    const headers = {
      'Content-Type': 'application/json',
      Origin: `http://127.0.0.1:${port}`,
      'Sec-Fetch-Site': 'same-origin'
    }
    expect((await fetch(url, { method: 'POST', headers, body: '{"kind":"noop"}' })).status).toBe(202)
  }
  expect(await askLab(`http://127.0.0.1:${targets[1]!.port}/api/containers`)).toHaveProperty('containers')
}, 60_000)
