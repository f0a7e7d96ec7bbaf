import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { probe, type ProbeTarget } from '#worker/handlers/probe.ts'

let server: Server
let port: string
let asked: string[]
let status: number
beforeEach(async () => {
  asked = []
  status = 200
  server = createServer((req, res) => {
    asked.push(`${req.method} ${req.url}`)
    res.writeHead(status).end('{"status":"ok"}\n')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = String((server.address() as AddressInfo).port)
})

/** `port` is known once the server listens. */
const target = (): ProbeTarget => ({ port, httpGet: 'scripts/http-get.sh', searchPath: process.env.PATH })

afterEach(async () => {
  server.closeAllConnections()
  if (server.listening) await once(server.close(), 'close')
})

describe.each(['node', 'bash'] as const)('a probe with %s', runtime => {
  test('asks /livez as often as it should, and counts the answers', async () => {
    expect(await probe({ with: runtime, times: 2 }, target())).toEqual({ answered: 2, unanswered: 0 })
    expect(asked).toEqual(['GET /livez', 'GET /livez'])
  }, 20_000)

  test('whose response is an error is not answered', async () => {
    status = 503
    expect(await probe({ with: runtime, times: 1 }, target())).toEqual({ answered: 0, unanswered: 1 })
  }, 20_000)

  test('at a port where nothing listens is not answered', async () => {
    await once(server.close(), 'close')
    expect(await probe({ with: runtime, times: 1 }, target())).toEqual({ answered: 0, unanswered: 1 })
  }, 20_000)
})
