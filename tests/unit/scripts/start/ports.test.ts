import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, expect, test } from '@jest/globals'
import { checkPorts, holdsOneOf, listeningOn } from '#scripts/start/ports.ts'

let other: Server | undefined
afterEach(() => { other?.close() })

async function listenOn (host: string): Promise<number> {
  other = createServer().listen(0, host)
  await once(other, 'listening')
  return (other.address() as AddressInfo).port
}

test.each(['127.0.0.1', '0.0.0.0', '::'])('case 07: a port that another program holds on %s is reported with the setting that chooses another', async host => {
  const port = await listenOn(host)
  await expect(checkPorts({ LAB_PORT: port })).rejects.toThrow(`port ${port} of 127.0.0.1 is taken: another program listens on it. Set LAB_PORT to another port.`)
})

test('a port that no program holds is free, and the check does not change that', async () => {
  const port = await listenOn('127.0.0.1')
  other!.close()
  await checkPorts({ LAB_PORT: port })
  await checkPorts({ LAB_PORT: port })
})

test('case 07: the sockets that a process holds decide whether it listens on a port, and not an answer', async () => {
  const port = await listenOn('127.0.0.1')
  expect(listeningOn(port)).toHaveLength(1)
  expect(holdsOneOf(listeningOn(port), process.pid)).toBe(true)
  expect(holdsOneOf(listeningOn(port), process.ppid)).toBe(true)   // it started the one that holds it
  expect(holdsOneOf([], process.pid)).toBe(false)
  other!.close()
  expect(listeningOn(port)).toEqual([])
})
