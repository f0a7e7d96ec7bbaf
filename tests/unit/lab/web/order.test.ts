import { expect, test } from '@jest/globals'
import { inOrder, isShown, numberOf, shortName } from '#lab/web/order.ts'

const services = ['api', 'worker', 'lab']
const named = (service: string, number: number) => ({ service, name: `limits-lab-${service}-${number}` })

test('containers are ordered by service, then by number and not by its digits', () => {
  const mixed = [named('lab', 1), named('worker', 10), named('other', 1), named('worker', 2), named('api', 1)]
  expect(inOrder(mixed, services)).toEqual([
    named('api', 1),
    named('worker', 2),
    named('worker', 10),
    named('lab', 1),
    named('other', 1)
  ])
})

test.each([['limits-lab-worker-12', 12], ['redis', 0]])('the number of %s is %p', (name, number) => {
  expect(numberOf(name)).toBe(number)
})

test('the project is left out of a name on a page about that project', () => {
  expect([
    shortName('limits-lab-worker-2', 'limits-lab'),
    shortName('other-worker-2', 'limits-lab'),
    shortName('x', '')
  ]).toEqual(['worker-2', 'other-worker-2', 'x'])
})

test('a selected container is shown alone; without one, the services that are not hidden are shown', () => {
  const hidden = new Set(['redis'])
  expect(isShown({ id: 'a', service: 'redis' }, { containerId: 'a', hiddenServices: hidden })).toBe(true)
  expect(isShown({ id: 'b', service: 'api' }, { containerId: 'a', hiddenServices: hidden })).toBe(false)
  expect(isShown({ id: 'a', service: 'redis' }, { containerId: null, hiddenServices: hidden })).toBe(false)
  expect(isShown({ id: 'b', service: 'api' }, { containerId: null, hiddenServices: hidden })).toBe(true)
})
