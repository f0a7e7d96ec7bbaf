import { expect, test } from '@jest/globals'
import { toPtrName, type Dns } from '../../../../services/lab/containers/engine-dns.ts'
import { DnsAway, LookUp, nameIt } from '../../../../services/lab/containers/look-up.ts'
import { idOf } from '../fakes.ts'

const id = idOf('bbbb22048571')

function fakeDns (addresses: Record<string, string[]>, names: Record<string, string[]> = {}): Dns & { asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    addressesOf: async name => { asked.push(name); return addresses[name] ?? [] },
    namesOf: async address => names[address] ?? []
  }
}

const names = { '172.19.0.4': ['limits-lab-worker-2.limits-lab_back'] }

test('a container belongs to the service that has its address among its copies', async () => {
  const dns = fakeDns({ bbbb22048571: ['172.19.0.4'], api: ['172.19.0.3'], worker: ['172.19.0.9', '172.19.0.4'] }, names)
  const lookUp = new LookUp(dns, ['api', 'worker'], 'limits-lab', () => 0)
  expect(await lookUp.who(id)).toEqual({ service: 'worker', name: 'limits-lab-worker-2', number: 2, project: 'limits-lab' })
})

test('a container on two networks is found by whichever address the service has', async () => {
  const dns = fakeDns({ bbbb22048571: ['172.20.0.4', '172.19.0.4'], worker: ['172.19.0.4'] }, names)
  expect((await new LookUp(dns, ['worker'], '', () => 0).who(id))?.service).toBe('worker')
})

test('a container of another network has no address here and is nobody', async () => {
  const dns = fakeDns({ api: ['172.19.0.3'] })
  expect(await new LookUp(dns, ['api'], '', () => 0).who(id)).toBeNull()
})

test('a container on this network that is none of the services is nobody', async () => {
  const dns = fakeDns({ bbbb22048571: ['172.19.0.7'], api: ['172.19.0.3'] })
  expect(await new LookUp(dns, ['api'], '', () => 0).who(id)).toBeNull()
})

test('a DNS that knows no service is away', async () => {
  await expect(new LookUp(fakeDns({}), ['api', 'lab'], '', () => 0).who(id)).rejects.toThrow(DnsAway)
})

test('containers that come together share one look at the services', async () => {
  let nowMs = 0
  const dns = fakeDns({ api: ['172.19.0.3'] })
  const lookUp = new LookUp(dns, ['api'], '', () => nowMs)
  await Promise.all([lookUp.who(id), lookUp.who(idOf('c'))])
  expect(dns.asked.filter(name => name === 'api')).toHaveLength(1)
  nowMs = 1000
  await lookUp.who(id)
  expect(dns.asked.filter(name => name === 'api')).toHaveLength(2)
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
  expect(nameIt('worker', ['other-worker-1.n'], 'limits-lab', id)).toEqual({ service: 'worker', name: 'other-worker-1', number: null, project: 'limits-lab' })
})

test('an address is asked about backwards', () => {
  expect(toPtrName('172.19.0.4')).toBe('4.0.19.172.in-addr.arpa')
})
