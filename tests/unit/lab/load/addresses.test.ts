import { expect, test } from '@jest/globals'
import { Addresses, findIn, findOwn } from '#lab/load/addresses.ts'

const v4 = (address: string) => ({ address, family: 4 })
const v6 = (address: string) => ({ address, family: 6 })

async function hostsOf (...found: Array<{ address: string, family: number }>): Promise<string[]> {
  const addresses = new Addresses('http://api:3000', async () => found)
  await addresses.refresh()
  return [1, 2, 3].map(() => addresses.next().host)
}

test('several containers take turns', async () => {
  expect(await hostsOf(v4('10.0.0.1'), v4('10.0.0.2'))).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.1'])
})

test('a name with addresses of both families is reached by IPv4, one with IPv6 alone by IPv6', async () => {
  expect(await hostsOf(v6('::1'), v4('127.0.0.1'))).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1'])
  expect(await hostsOf(v6('::1'))).toEqual(['::1', '::1', '::1'])
})

test('a container that comes back at another address is found, and the old address is used while the name is unknown', async () => {
  const answers: Array<() => Array<{ address: string, family: number }>> = [
    () => [v4('10.0.0.1')], () => { throw new Error('ENOTFOUND') }, () => [v4('10.0.0.9')]
  ]
  const addresses = new Addresses('http://api:3000', async () => answers.shift()!())
  await addresses.refresh()
  await expect(addresses.refresh()).rejects.toThrow('ENOTFOUND')
  expect(addresses.next()).toEqual({ host: '10.0.0.1', port: 3000 })
  await addresses.refresh()
  expect(addresses.next().host).toBe('10.0.0.9')
})

test('case 10: a service that is not there gets no load, whatever a resolver answers for its name', async () => {
  const addresses = new Addresses('http://api:3000', name => findOwn(name, async () => [v4('203.0.113.80')]))
  await expect(addresses.start()).rejects.toThrow('api is on none of our networks')
})

test('beside another project load is put on its containers, and not on a stranger of the same name', async () => {
  const both = ['172.19.0.4', '172.19.0.8']
  const known: Record<string, string[]> = { web: both, 'web.shared': both }
  const names: Record<string, string[]> = { '172.19.0.4': ['shop-web-1.shared'], '172.19.0.8': ['store-web-1.shared'] }
  const dns = {
    addressesOf: async (name: string) => known[name] ?? [],
    namesOf: async (address: string) => names[address] ?? []
  }
  const find = findIn({ name: 'shop', named: new Map() }, dns)
  expect(await find('web')).toEqual([v4('172.19.0.4')])
  await expect(find('db')).rejects.toThrow('no container of shop is called db now')
  names['172.19.0.4'] = ['store-web-2.shared']
  await expect(find('web')).rejects.toThrow('no container of shop is called web now')
})
