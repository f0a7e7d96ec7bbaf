import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { expect, test } from '@jest/globals'
import express from 'express'
import { closeServer, listen } from '#shared/http/http-server.ts'

async function serverWith (answerMs: number) {
  const app = express().get('/', (_req, res) => { setTimeout(() => res.send('done'), answerMs) })
  const server = await listen(app, 0)
  const { port } = server.address() as AddressInfo
  return { server, port, url: `http://127.0.0.1:${port}/` }
}

test('a request in hand, while its server closes, gets its answer', async () => {
  const { server, url } = await serverWith(100)
  const answer = fetch(url)
  await once(server, 'request')
  await closeServer(server)
  expect(await (await answer).text()).toBe('done')
})

test('a client that never finishes its request, while its server closes, is cut off', async () => {
  const { server, port } = await serverWith(0)
  const accepted = once(server, 'connection')
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  await accepted
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n')
  const cut = once(socket, 'close')
  await closeServer(server, 50)
  await cut
})

test('a port that is taken fails the start', async () => {
  const { server, port } = await serverWith(0)
  await expect(listen(express(), port)).rejects.toThrow('EADDRINUSE')
  await closeServer(server)
})
