import type { LookupAddress } from 'node:dns'
import { networkInterfaces } from 'node:os'
import { expect, test } from '@jest/globals'
import { isOn, lookupOwn, ownNetworks, reachable } from '#lab/own-networks.ts'

test.each([
  ['in the network of a container', ['172.19.0.2/16'], '172.19.255.3', true],
  ['in the second of two', ['172.19.0.2/16', '172.20.0.2/16'], '172.20.0.9', true],
  ['outside', ['172.19.0.2/16', '172.20.0.2/16'], '172.21.0.2', false],
  ['of documentation, as a resolver may answer every name', ['172.19.0.2/16'], '203.0.113.80', false],
  ['one beyond a network whose prefix is no whole byte', ['10.1.16.2/20'], '10.1.32.0', false],
  ['the last of such a network', ['10.1.16.2/20'], '10.1.31.254', true],
  ['beside the only one of a /32', ['10.0.0.7/32'], '10.0.0.8', false],
  ['the only one of a /32', ['10.0.0.7/32'], '10.0.0.7', true],
  ['of this host itself', ['172.19.0.2/16'], '127.0.0.1', false],
  ['of IPv6, where there is such a network', ['172.19.0.2/16', 'fd00:19::2/64'], 'fd00:19::5', true],
  ['of IPv6, where there is none', ['172.19.0.2/16'], 'fd00:19::5', false],
  ['where there is no network at all', [], '172.19.0.2', false]
])('an address %s', (_case, networks, address, expected) => {
  expect(isOn(networks, address)).toBe(expected)
})

test('our own networks are those of the interfaces, and hold our own addresses, but not the loopback', () => {
  const networks = ownNetworks()
  const own = Object.values(networkInterfaces()).flat().filter(entry => !entry!.internal).map(entry => entry!.address)
  expect(own.every(address => isOn(networks, address))).toBe(true)
  expect(isOn(networks, '127.0.0.1')).toBe(false)
})

const v4 = (address: string): LookupAddress => ({ address, family: 4 })

test.each([
  ['a service that is there', 'api', ['172.19.0.4'], ['172.19.0.4']],
  ['a service that is not there, and a resolver that answers every name', 'api', ['203.0.113.80'], []],
  ['this host', 'localhost', ['127.0.0.1'], ['127.0.0.1']],
  ['a host that somebody wrote out', 'api.example.com', ['203.0.113.80'], ['203.0.113.80']]
])('of %s', (_case, name, found, expected) => {
  expect(reachable(name, found.map(v4), ['172.19.0.2/16'])).toEqual(expected.map(v4))
})

test('a look-up for a connection answers in both of the forms that are asked for', async () => {
  const look = (all: boolean) =>
    new Promise(resolve => {
      lookupOwn('localhost', { all, family: 4 }, (...answer) => {
        resolve(answer)
      })
    })
  expect(await look(false)).toEqual([null, '127.0.0.1', 4])
  expect(await look(true)).toEqual([null, [v4('127.0.0.1')]])
})
