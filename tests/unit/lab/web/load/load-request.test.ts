import { expect, test } from '@jest/globals'
import { attachedLoadRequest, loadRequest } from '#lab/load/request.ts'
import { firstBeside, firstFields, presets, readFields } from '#lab/web/load/load-request.ts'

test('the first values of the form are a valid load', () => {
  expect(readFields(firstFields)).toEqual({
    request: { service: 'api', path: '/work/cpu?ms=5', ratesPerSecond: [50], durationSeconds: 20, connections: 100 }
  })
})

test.each(presets)('the lab accepts the preset $label', ({ fields }) => {
  const read = readFields({ ...firstFields, ...fields })
  expect(loadRequest.safeParse('request' in read ? read.request : read)).toMatchObject({ success: true })
})

test.each(['20,60,100', '20 60 100', ' 20, 60; 100 '])('%p are three rates', rates => {
  expect(readFields({ ...firstFields, rates })).toMatchObject({ request: { ratesPerSecond: [20, 60, 100] } })
})

test.each([
  ['port', 'http', /a port/],
  ['path', 'work/cpu', /begins with \//],
  ['path', '/work/cpu ms', /no spaces/],
  ['rates', '', /a number, or several/],
  ['rates', '20, many', /a number, or several/],
  ['seconds', '1m', /a number of seconds/],
  ['connections', '-1', /a whole number/]
] as const)('%s %p is refused with what it may be', (name, value, words) => {
  const read = readFields({ ...firstFields, [name]: value })
  expect('faults' in read && read.faults[name]).toMatch(words)
})

test('the first values of the form beside another project are a valid load', () => {
  const read = readFields({ ...firstFields, ...firstBeside, service: 'web' })
  const schema = attachedLoadRequest(() => ['web'])
  expect(schema.safeParse('request' in read ? read.request : read)).toMatchObject({ data: { service: 'web', port: 80, path: '/' } })
})

test('all faults are reported at once', () => {
  const read = readFields({ service: 'api', port: '', path: '', rates: '', seconds: '', connections: '' })
  expect('faults' in read && Object.keys(read.faults)).toEqual(['path', 'rates', 'seconds', 'connections'])
})
