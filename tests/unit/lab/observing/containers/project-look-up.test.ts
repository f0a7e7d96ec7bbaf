import { describe, expect, test } from '@jest/globals'
import type { Dns } from '#lab/observing/containers/engine-dns.ts'
import { DnsAway } from '#lab/observing/containers/look-up.ts'
import { identityIn, ProjectLookUp } from '#lab/observing/containers/project-look-up.ts'
import { idOf } from '../../support/fakes.ts'

const shop = { name: 'shop', named: new Map([['the.db', 'db']]) }
const id = idOf('bbbb22048571')

/** What the engine's DNS says on one network. `lab` is the lab's own name. */
function lookUp (addresses: Record<string, string[]>, names: Record<string, string[]>): ProjectLookUp {
  const known: Record<string, string[]> = { lab: ['172.19.0.2'], ...addresses }
  const dns: Dns = {
    addressesOf: async name => known[name] ?? [],
    namesOf: async address => names[address] ?? []
  }
  return new ProjectLookUp(dns, shop, 'lab')
}

describe('a name on the network', () => {
  test.each([
    ['shop-web-1.shop_default', 'web', 'shop-web-1', 1],
    ['shop_web_12.shop_default', 'web', 'shop_web_12', 12],
    ['shop-web-2-api-3.shop_default', 'web-2-api', 'shop-web-2-api-3', 3],
    ['shop-my.app-1.shop_default', 'my.app', 'shop-my.app-1', 1],
    ['the.db.shop_default', 'db', 'the.db', null]
  ])('%s is of the service %s', (host, service, name, number) => {
    const identity = { service, name, number, project: 'shop' }
    expect(identityIn(host, shop)).toEqual({ identity, network: 'shop_default' })
  })

  test.each([
    ['of another project', 'store-web-1.shop_default'],
    ['of a project whose name begins alike', 'shopping-web-1.shop_default'],
    ['without a service', 'shop-1.shop_default'],
    ['of a command that runs once', 'shop-web-run-0a1b2c3d.shop_default'],
    ['that somebody chose', 'debugger.shop_default'],
    ['without a network', 'shop-web-1'],
    ['in two styles', 'shop-web_1.shop_default']
  ])('%s is of no service', (_case, host) => {
    expect(identityIn(host, shop)).toBeNull()
  })
})

test('a container is of the service whose name leads back to its address', async () => {
  const found = await lookUp(
    { bbbb22048571: ['172.19.0.4'], 'web.shop_default': ['172.19.0.3', '172.19.0.4'] },
    { '172.19.0.4': ['shop-web-2.shop_default'] }
  ).identify(id)
  expect(found).toEqual({ service: 'web', name: 'shop-web-2', number: 2, project: 'shop' })
})

test('a container on two networks is found by either', async () => {
  const found = await lookUp(
    { bbbb22048571: ['10.0.0.9', '172.19.0.4'], 'web.shop_default': ['172.19.0.4'] },
    { '10.0.0.9': ['shop-web-1.proxy'], '172.19.0.4': ['shop-web-1.shop_default'] }
  ).identify(id)
  expect(found?.service).toBe('web')
})

test('a container of the project shop-eu is a stranger to the project shop, though their names look alike', async () => {
  const found = await lookUp(
    { bbbb22048571: ['172.19.0.4'], 'web.shared': ['172.19.0.4'] },
    { '172.19.0.4': ['shop-eu-web-1.shared'] }
  ).identify(id)
  expect(found).toBeNull()
})

test('a container without an address here is a stranger', async () => {
  expect(await lookUp({}, {}).identify(id)).toBeNull()
})

test('a DNS that does not know the lab itself is away, and no container is called a stranger', async () => {
  await expect(lookUp({ lab: [] }, {}).identify(id)).rejects.toThrow(DnsAway)
})
