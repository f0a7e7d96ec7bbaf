import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from '@jest/globals'
import { Peer, PeerAway } from '#lab/peers/peer.ts'

const opened: Array<() => void> = []
afterEach(() => { for (const close of opened.splice(0)) close() })

async function peerOf (answer: RequestListener): Promise<Peer> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const peer = new Peer(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  opened.push(() => {
    peer.close()
    server.close()
    server.closeAllConnections()
  })
  return peer
}

test('a peer\'s answer is returned, whatever its status', async () => {
  const peer = await peerOf((req, res) => { res.writeHead(418, { 'X-Method': req.method! }).end('{"a":1}') })
  expect(await peer.ask('/', { method: 'DELETE' })).toMatchObject({ status: 418, headers: { 'x-method': 'DELETE' }, text: '{"a":1}' })
  expect(await peer.json('/')).toEqual({ a: 1 })
})

test('a body arrives as it was sent', async () => {
  const peer = await peerOf((req, res) => { req.pipe(res) })
  expect((await peer.ask('/', { method: 'POST', body: '{"ä":"ö"}' })).text).toBe('{"ä":"ö"}')
})

test('a peer that is silent is away once patience ends', async () => {
  const peer = await peerOf(() => {})
  await expect(peer.ask('/', { timeoutMs: 50 })).rejects.toThrow(PeerAway)
})

test('a peer that stops in the middle is away once patience ends', async () => {
  const peer = await peerOf((_req, res) => { res.writeHead(200).write('{') })
  await expect(peer.ask('/', { timeoutMs: 50 })).rejects.toThrow(PeerAway)
})

test('an answer that is too long is refused', async () => {
  const peer = await peerOf((_req, res) => { res.end('x'.repeat(2_000_000)) })
  await expect(peer.ask('/')).rejects.toThrow(/more than/)
})

test('a peer that refuses connections, or does not answer in JSON, has no answer', async () => {
  const peer = await peerOf((_req, res) => { res.end('<html>') })
  expect(await peer.json('/')).toBeNull()
  const closedPort = new Peer('http://127.0.0.1:1')
  opened.push(() => closedPort.close())
  expect(await closedPort.json('/')).toBeNull()
  await expect(closedPort.ask('/')).rejects.toThrow(PeerAway)
})
