import { createServer, request, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from '@jest/globals'
import express from 'express'
import { refuseNeighbours } from '#lab/routes/neighbours.ts'
import { reportProblem } from '#shared/http/problem.ts'
import { capturedLog } from '#support/captured-log.ts'

/** A resolver behind the engine's may know a name of the gateway. */
const names: Record<string, string[]> = {
  '172.19.0.4': ['shop-web-1.shop_default'],
  '172.19.0.1': ['gateway.example']
}
const addresses: Record<string, string[]> = { 'shop-web-1.shop_default': ['172.19.0.4'] }

const servers: Server[] = []
afterEach(() => { for (const server of servers.splice(0)) server.close() })

/** The status of a request that comes from `from`. */
async function statusOf (method: string, from: string): Promise<number> {
  const dns = {
    namesOf: async (address: string) => names[address] ?? [],
    addressesOf: async (name: string) => addresses[name] ?? []
  }
  const app = express()
    .use((req, _res, next) => {
      Object.defineProperty(req.socket, 'remoteAddress', { value: from, configurable: true })
      next()
    })
    .use(refuseNeighbours(dns))
    .use((_req, res) => { res.sendStatus(200) })
    .use(reportProblem(capturedLog().log))
  const server = createServer(app).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const asked = request({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, method, agent: false }).end()
  const [answer] = await once(asked, 'response')
  answer.resume()
  return answer.statusCode
}

test.each([
  ['POST', '172.19.0.4', 403], ['DELETE', '::ffff:172.19.0.4', 403], ['GET', '172.19.0.4', 200],
  ['POST', '127.0.0.1', 200], ['POST', '::1', 200], ['POST', '172.19.0.1', 200], ['POST', '172.19.0.99', 200]
])('%s from %s is answered with %d', async (method, from, status) => {
  expect(await statusOf(method, from)).toBe(status)
})
