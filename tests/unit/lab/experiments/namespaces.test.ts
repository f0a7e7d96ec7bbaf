import { expect, test } from '@jest/globals'
import { namespaces } from '#lab/experiments/namespaces.ts'
import { judged, recordedRun, refuted, type RecordedRun } from '../support/recorded.ts'

type Facts = Parameters<typeof namespaces.judge>[1]
const run = (name = 'namespaces.v1'): RecordedRun<Facts> => recordedRun(name)

test('five containers with namespaces of their own on one kernel hold, and the verdict lists the numbers', () => {
  const { outcome, summary, checks } = judged(namespaces, run())
  expect(outcome).toBe('holds')
  expect(summary).toMatch(/^5 services have 5 sets of processes, .* on one kernel: Linux 6\./)
  expect(checks[0]).toMatchObject({
    source: '/proc/self/ns/pid',
    saw: expect.stringMatching(/^api \d+, worker \d+, postgres \d+, redis \d+, lab \d+, the host 4026531836$/)
  })
})

test('a worker that uses the api\'s processes and shared memory does not hold, and is named', () => {
  const verdict = judged(namespaces, run('namespaces.shared-with-api.v1'))
  expect(verdict.outcome).toBe('does_not_hold')
  expect(refuted(verdict)).toEqual(['each has its own processes', 'each has its own shared memory'])
  expect(verdict.summary).toContain('api and worker have the same: ')
})

test.each([
  ['processes', 'pid', 'pid:[4026531836]'], ['host name', 'uts', 'uts:[4026531838]'], ['shared memory', 'ipc', 'ipc:[4026531839]']
])('a container that has the host\'s %s does not hold, though no other container has them', (view, kind, link) => {
  const verdict = judged(namespaces, run(), ({ facts }) => { facts.roll.redis!.namespaces[kind] = link })
  expect(refuted(verdict)).toEqual([`each has its own ${view}`])
  expect(verdict.summary).toContain('redis and the host have the same: ')
})

test.each<[string, (facts: Facts) => void]>([
  ['each has its own mounts', ({ roll }) => { roll.lab.namespaces.mnt = roll.postgres!.namespaces.mnt! }],
  ['each has its own network', ({ roll }) => { roll.lab.namespaces.net = roll.api.namespaces.net! }],
  ['each has its own name', ({ roll }) => { roll.worker.hostname = roll.api.hostname }],
  ['each has its own address', ({ roll }) => { roll.worker.addresses = roll.api.addresses }],
  ['all run on one kernel', ({ roll }) => { roll.redis!.uname.release = '5.10.0' }],
  ['the kernel was booted once for all', ({ roll }) => { roll.redis!.bootId = '00000000-0000-4000-8000-000000000000' }]
])('without it that "%s", it does not hold', (claim, change) => {
  expect(refuted(judged(namespaces, run(), ({ facts }) => change(facts)))).toEqual([claim])
})

test.each<[string, (facts: Facts) => void]>([
  ['a store of which nothing is known', ({ roll }) => { roll.postgres = null }],
  ['a kernel without one of the kinds', ({ roll }) => { for (const view of Object.values(roll)) view!.namespaces.ipc = null }],
  ['a container without an address', ({ roll }) => { roll.lab.addresses = [] }]
])('with %s it is not measured', (_case, change) => {
  const verdict = judged(namespaces, run(), ({ facts }) => change(facts))
  expect([verdict.outcome, refuted(verdict)]).toEqual(['not_measured', []])
})

test('plain processes in the host\'s network are judged by everything else', () => {
  const verdict = judged(namespaces, run(), ({ facts }) => {
    facts.sharesNetwork = true
    for (const view of Object.values(facts.roll)) view!.namespaces.net = 'net:[4026531833]'
  })
  expect(verdict.outcome).toBe('holds')
  expect(verdict.summary).toContain('The network is the host\'s.')
})
