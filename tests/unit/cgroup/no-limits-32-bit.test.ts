import { afterEach, expect, test } from '@jest/globals'
import { cgroupAt } from '#cgroup/locate.ts'
import { parseLimitV1 } from '#cgroup/parse.ts'
import { containerText } from '#shared/metrics/container-text.ts'
import { fixture, idA, makeTree, removeTrees, write } from '#support/cgroup-tree.ts'

afterEach(removeTrees)

const proc = new URL('../../fixtures/proc/32-bit', import.meta.url).pathname
const identity = { project: 'limits-lab', service: 'api', name: 'limits-lab-api-1', number: '1', image: '' }

test('case 18: a container without limits on a 32-bit kernel has none, and the host\'s memory and swap', () => {
  const cgroup = cgroupAt(fixture('v1/no-limits-32-bit'), `/docker/${idA}`, proc)
  const reading = cgroup.read()!
  const effective = cgroup.effectiveLimits()!
  cgroup.close()
  expect(reading.limits).toMatchObject({
    memoryMaxBytes: 'max',
    memoryLowBytes: 'max',
    swapMaxBytes: 'max',
    rawSwapMaxBytes: 'max'
  })
  expect([effective.memory, effective.swap]).toEqual([
    { bytes: 972234752, from: 'host' },
    { bytes: 104853504, from: 'host' }
  ])
  const text = containerText([{ identity, id: '/', reading, effective, startedAtMs: null }])
  expect(text).toMatch(/^container_spec_memory_limit_bytes\{.*\} 0$/m)
  expect(text).toMatch(/^container_spec_memory_reservation_limit_bytes\{.*\} 0$/m)
})

test.each([
  ['32 bits, pages of 4 KiB', '8796093018112'],
  ['32 bits, pages of 16 KiB', '35184372072448'],
  ['32 bits, pages of 64 KiB', '140737488289792'],
  ['64 bits, pages of 4 KiB', '9223372036854771712'],
  ['64 bits, pages of 16 KiB', '9223372036854759424'],
  ['64 bits, pages of 64 KiB', '9223372036854710272'],
  ['before pages were counted', '9223372036854775807'],
  ['before that', '18446744073709551615']
])('case 18, "no limit" of a kernel of %s is max', (_kernel, text) => {
  expect(parseLimitV1(`${text}\n`)).toBe('max')
})

test.each([8796093018112 - 4096, 8796093018112 + 4096, 8 * 2 ** 40, 16 * 2 ** 40, 2 ** 41])('case 18, a limit of %d bytes is one: a large host has that', bytes => {
  expect(parseLimitV1(`${bytes}\n`)).toBe(bytes)
})

test('case 18, under a limit on a 32-bit kernel the limit is reported, and swap without one is the host\'s', () => {
  const root = makeTree({})
  for (const [name, text] of Object.entries({
    'memory.limit_in_bytes': '134217728',
    'memory.memsw.limit_in_bytes': '8796093018112'
  })) {
    write(root, `memory/docker/${idA}/${name}`, `${text}\n`)
  }
  const cgroup = cgroupAt(root, `/docker/${idA}`, proc)
  expect(cgroup.effectiveLimits()).toMatchObject({
    memory: { bytes: 134217728, from: 'own' },
    swap: { bytes: 104853504, from: 'host' }
  })
  cgroup.close()
})
