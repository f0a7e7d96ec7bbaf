import { expect, test } from '@jest/globals'
import { attachedSweepRequest, sweepRequest } from '#lab/sweep/request.ts'
import { firstFields, JOBS, presets, readFields } from '#lab/web/sweep/sweep-request.ts'

test('the first values of the form are a valid sweep', () => {
  expect(readFields(firstFields)).toEqual({
    request: {
      service: 'api',
      path: '/work/cpu?ms=5',
      ratePerSecond: 40,
      goal: { p99Ms: 250, maxFailedShare: 0.001, maxPressureShare: 0.1 },
      marginShare: 0.2
    }
  })
})

test.each(presets)('the lab accepts the preset $label', ({ fields }) => {
  const read = readFields({ ...firstFields, ...fields })
  expect(sweepRequest.safeParse('request' in read ? read.request : read)).toMatchObject({ success: true })
})

test('a sweep of jobs has a job, and neither a service nor a path', () => {
  const read = readFields({ ...firstFields, work: JOBS, path: '', kind: 'cpu', params: '' })
  expect(read).toMatchObject({ request: { job: { kind: 'cpu', params: {} } } })
  expect('request' in read && ['service', 'path'].some(name => name in read.request)).toBe(false)
})

test.each([
  ['path', 'work/cpu', /begins with \//],
  ['rate', 'many', /a number/],
  ['p99', '', /a number/],
  ['failed', '-1', /a number/],
  ['pressure', 'none', /a number/],
  ['margin', 'a fifth', /a number/]
] as const)('%s %p is refused with what it may be', (name, value, words) => {
  const read = readFields({ ...firstFields, [name]: value })
  expect('faults' in read && read.faults[name]).toMatch(words)
})

test.each(['mib: 64', '[64]', '64', 'null'])('parameters %p are refused, because they are no object', params => {
  const read = readFields({ ...firstFields, work: JOBS, params })
  expect('faults' in read && read.faults.params).toMatch(/an object in JSON/)
})

test('beside another project a sweep has a port', () => {
  const read = readFields({ ...firstFields, service: 'web', port: '8000' })
  const schema = attachedSweepRequest(() => ['web'])
  expect(schema.safeParse('request' in read ? read.request : read)).toMatchObject({ success: true })
  const wrong = readFields({ ...firstFields, port: 'many' })
  expect('faults' in wrong && wrong.faults.port).toMatch(/a port/)
})

test('a percent sign is understood', () => {
  expect(readFields({ ...firstFields, margin: '25 %' })).toMatchObject({ request: { marginShare: 0.25 } })
})
