import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, expect, test } from '@jest/globals'
import { checkPorts } from '#scripts/start/free-ports.ts'
import { holdsOneOf, listeningOn } from '#scripts/start/listeners.ts'

let other: Server | undefined
afterEach(() => { other?.close() })

async function listenOn (host: string): Promise<number> {
  other = createServer().listen(0, host)
  await once(other, 'listening')
  return (other.address() as AddressInfo).port
}

test.each(['127.0.0.1', '0.0.0.0', '::'])('case 07: a port that somebody holds on %s is told with the setting that chooses another', async host => {
  const port = await listenOn(host)
  await expect(checkPorts({ LAB_PORT: port })).rejects.toThrow(`port ${port} of 127.0.0.1 is taken: another program listens on it. LAB_PORT chooses another.`)
})

test('a port that nobody holds is free, and stays so after it was looked at', async () => {
  const port = await listenOn('127.0.0.1')
  other!.close()
  await checkPorts({ LAB_PORT: port })
  await checkPorts({ LAB_PORT: port })
})

test('case 07: who listens on a port is told by the sockets that a process holds, not by an answer', async () => {
  const port = await listenOn('127.0.0.1')
  expect(listeningOn(port)).toHaveLength(1)
  expect(holdsOneOf(listeningOn(port), process.pid)).toBe(true)
  expect(holdsOneOf(listeningOn(port), process.ppid)).toBe(true)   // it started the one that holds it
  expect(holdsOneOf([], process.pid)).toBe(false)
  other!.close()
  expect(listeningOn(port)).toEqual([])
})
