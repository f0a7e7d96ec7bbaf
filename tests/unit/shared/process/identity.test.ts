import { expect, test } from '@jest/globals'
import { parseContainerName, readIdentity, withContainerName } from '#shared/process/identity.ts'

const worker = readIdentity('worker', { PROJECT: 'limits-lab', IMAGE: 'limits-lab-worker' })

test('an identity before the engine was asked has the name of its service', () => {
  expect(worker).toEqual({
    project: 'limits-lab',
    service: 'worker',
    name: 'worker',
    number: '',
    image: 'limits-lab-worker'
  })
})

test('an identity outside of Compose has empty names, not undefined ones', () => {
  expect(readIdentity('api', {})).toEqual({ project: '', service: 'api', name: 'api', number: '', image: '' })
})

test.each([
  ['the engine gives', ['limits-lab-worker-2.limits-lab_back'], { name: 'limits-lab-worker-2', number: '2' }],
  ['a resolver gives that answers for every address', ['portal.hotel.example'], { name: 'worker', number: '' }],
  ['nothing gives, because there are none', [], { name: 'worker', number: '' }]
])('case 10: of the names that %s, only one of this service\'s containers is taken', async (_case, names, expected) => {
  expect(await withContainerName(worker, ['172.19.0.4'], async () => names)).toEqual({ ...worker, ...expected })
})

test.each([
  ['of the service', 'limits-lab-worker-2.limits-lab_back', { name: 'limits-lab-worker-2', number: '2' }],
  ['of a two-digit copy', 'limits-lab-worker-12.limits-lab_back', { name: 'limits-lab-worker-12', number: '12' }],
  ['without a network', 'limits-lab-worker-1', { name: 'limits-lab-worker-1', number: '1' }],
  ['in Compose\'s older spelling', 'limits-lab_worker_1', { name: 'limits-lab_worker_1', number: '1' }],
  ['of another service', 'limits-lab-api-1.limits-lab_back', null],
  ['of another project', 'other-worker-1.other_back', null],
  ['of a service whose name begins the same', 'limits-lab-worker-slow-1.limits-lab_back', null],
  ['of a one-off container', 'limits-lab-worker-run-3f9a.limits-lab_back', null],
  ['without a number', 'limits-lab-worker-.limits-lab_back', null],
  ['of a machine', 'localhost', null],
  ['that is empty', '', null]
])('a host name %s is recognised as such', (_case, host, expected) => {
  expect(parseContainerName(host, worker)).toEqual(expected && { project: 'limits-lab', ...expected })
})

test.each([
  ['limits-lab-worker-2', { project: 'limits-lab', name: 'limits-lab-worker-2', number: '2' }],
  ['limits_lab_worker_1.back', { project: 'limits_lab', name: 'limits_lab_worker_1', number: '1' }],
  ['limits-lab-api-1', null],
  ['worker-1', null],
  ['-worker-1', null]
])('without a known project, %s is read for the one it names', (host, expected) => {
  expect(parseContainerName(host, { project: null, service: 'worker' })).toEqual(expected)
})
