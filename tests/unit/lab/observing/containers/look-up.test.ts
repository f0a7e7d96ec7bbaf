import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { onlyOwn, type Dns } from '#lab/observing/containers/engine-dns.ts'
import { DnsAway, LookUp, nameIt } from '#lab/observing/containers/look-up.ts'
import { toPtrName } from '#shared/process/identity.ts'
import { idOf } from '../../support/fakes.ts'

const id = idOf('bbbb22048571')

function fakeDns (
  addresses: Record<string, string[]>, names: Record<string, string[]> = {}
): Dns & { asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    addressesOf: async name => {
      asked.push(name)
      return addresses[name] ?? []
    },
    namesOf: async address => names[address] ?? []
  }
}

const names = { '172.19.0.4': ['limits-lab-worker-2.limits-lab_back'] }

test('a container belongs to the service that has its address among its copies', async () => {
  const dns = fakeDns(
    { bbbb22048571: ['172.19.0.4'], api: ['172.19.0.3'], worker: ['172.19.0.9', '172.19.0.4'] },
    names
  )
  const lookUp = new LookUp(dns, ['api', 'worker'], 'limits-lab', () => 0)
  expect(await lookUp.identify(id)).toEqual({
    service: 'worker',
    name: 'limits-lab-worker-2',
    number: 2,
    project: 'limits-lab'
  })
})

test('a container on two networks is found by whichever address the service has', async () => {
  const dns = fakeDns({ bbbb22048571: ['172.20.0.4', '172.19.0.4'], worker: ['172.19.0.4'] }, names)
  expect((await new LookUp(dns, ['worker'], '', () => 0).identify(id))?.service).toBe('worker')
})

test('a container of another network has no address here, and belongs to no service', async () => {
  const dns = fakeDns({ api: ['172.19.0.3'] })
  expect(await new LookUp(dns, ['api'], '', () => 0).identify(id)).toBeNull()
})

test('a container on this network, at the address of no service, belongs to no service', async () => {
  const dns = fakeDns({ bbbb22048571: ['172.19.0.7'], api: ['172.19.0.3'] })
  expect(await new LookUp(dns, ['api'], '', () => 0).identify(id)).toBeNull()
})

test('a DNS that knows no service is away', async () => {
  await expect(new LookUp(fakeDns({}), ['api', 'lab'], '', () => 0).identify(id)).rejects.toThrow(DnsAway)
})

test('containers that come together share one look at the services', async () => {
  let nowMs = 0
  const dns = fakeDns({ api: ['172.19.0.3'] })
  const lookUp = new LookUp(dns, ['api'], '', () => nowMs)
  await Promise.all([lookUp.identify(id), lookUp.identify(idOf('c'))])
  expect(dns.asked.filter(name => name === 'api')).toHaveLength(1)
  nowMs = 1000
  await lookUp.identify(id)
  expect(dns.asked.filter(name => name === 'api')).toHaveLength(2)
})

const case10 = JSON.parse(readFileSync('tests/fixtures/cases/10-answers-every-name/answers.json', 'utf8')) as {
  ownNetworks: string[], services: string[], addresses: Record<string, string[]>, ask: string, right: null
}

/** A DNS behind which a resolver answers every name with one address. */
function catchAllDns (addresses: Record<string, string[]>, one: string, networks: string[]): Dns {
  const { addressesOf, namesOf } = fakeDns(addresses, names)
  return onlyOwn({ addressesOf: async name => name in addresses ? addressesOf(name) : [one], namesOf }, () => networks)
}

test('case 10: a container at an address outside of our networks belongs to no service, though an absent service has it too', async () => {
  const { ownNetworks, services, addresses, ask, right } = case10
  const dns = onlyOwn(fakeDns(addresses), () => ownNetworks)
  expect(await new LookUp(dns, services, '', () => 0).identify(ask)).toBe(right)
  expect(await dns.addressesOf('api')).toEqual([])
})

test('case 10: where a resolver answers every name, a container does not belong to the only absent service', async () => {
  const dns = catchAllDns({ lab: ['172.19.0.2'], api: ['172.19.0.3'] }, '203.0.113.80', ['172.19.0.2/16'])
  expect(await new LookUp(dns, ['lab', 'api', 'worker'], '', () => 0).identify(id)).toBeNull()
})

test('case 10: while the engine is away and a resolver behind it answers every name, no container becomes a stranger', async () => {
  const dns = catchAllDns({}, '203.0.113.80', ['172.19.0.2/16'])
  await expect(new LookUp(dns, ['lab', 'api'], '', () => 0).identify(id)).rejects.toThrow(DnsAway)
})

test('case 10: a container on a network that the lab joined later is found', async () => {
  const networks = ['172.19.0.2/16']
  const dns = onlyOwn(
    fakeDns({ lab: ['172.19.0.2'], bbbb22048571: ['172.20.0.4'], worker: ['172.20.0.4'] }),
    () => networks
  )
  const lookUp = new LookUp(dns, ['lab', 'worker'], '', () => 1000 * networks.length)
  expect(await lookUp.identify(id)).toBeNull()
  networks.push('172.20.0.2/16')
  expect((await lookUp.identify(id))?.service).toBe('worker')
})

test('case 10: a container at an address that two services have belongs to neither', async () => {
  const dns = fakeDns({
    bbbb22048571: ['172.19.0.1'],
    lab: ['172.19.0.2'],
    api: ['172.19.0.1'],
    worker: ['172.19.0.1']
  })
  expect(await new LookUp(dns, ['lab', 'api', 'worker'], '', () => 0).identify(id)).toBeNull()
})

test.each([
  ['Compose\'s name', ['limits-lab-worker-2.limits-lab_back'], { name: 'limits-lab-worker-2', number: 2, project: 'limits-lab' }],
  ['the old spelling', ['limits_lab_worker_1.back'], { name: 'limits_lab_worker_1', number: 1, project: 'limits_lab' }],
  ['Compose\'s name among aliases', ['worker.n', 'bbbb22048571.n', 'lab-worker-1.n'], { name: 'lab-worker-1', number: 1, project: 'lab' }],
  ['a name of its own', ['worker.n', 'bbbb22048571.n', 'heavy-worker.n'], { name: 'heavy-worker', number: null, project: '' }],
  ['no name', [], { name: 'bbbb22048571', number: null, project: '' }]
])('the name of a container with %s', (_case, hosts, expected) => {
  expect(nameIt('worker', hosts, '', id)).toEqual({ service: 'worker', ...expected })
})

test('a name of another project is not read as ours', () => {
  expect(nameIt('worker', ['other-worker-1.n'], 'limits-lab', id)).toEqual({
    service: 'worker',
    name: 'other-worker-1',
    number: null,
    project: 'limits-lab'
  })
})

test('DNS is asked about an address with its parts in reverse', () => {
  expect(toPtrName('172.19.0.4')).toBe('4.0.19.172.in-addr.arpa')
})
