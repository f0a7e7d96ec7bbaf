import { expect, test } from '@jest/globals'
import { hashOf, routeOf, type Route } from '#lab/web/route.ts'

const routes: Route[] = [
  { view: 'live' },
  { view: 'experiments' },
  { view: 'load', id: null },
  { view: 'load', id: 'b3f9cc87' },
  { view: 'load', id: null, fields: { path: '/work/cpu?ms=5', rates: '40,80' } },
  { view: 'sweep', id: null },
  { view: 'sweep', id: 'b3f9cc87' },
  { view: 'learn', chapter: null, heading: null },
  { view: 'learn', chapter: '06-too-much-memory', heading: null },
  { view: 'learn', chapter: '06-too-much-memory', heading: 'try-it' },
  { view: 'experiment', id: 'cpu-limit', runId: null },
  { view: 'experiment', id: 'cpu-limit', runId: 'b3f9cc87-bb1c-45c4-918b-d44e63a03ddd' }
]

test.each(routes)('the address of %j leads back to it', route => {
  expect(routeOf(hashOf(route))).toEqual(route)
})

test.each(['', '#', '#nothing-of-ours', '#experiment', '#experiment/'])('%p is the live view', hash => {
  expect(routeOf(hash)).toEqual({ view: 'live' })
})

test('an id that somebody typed with a broken escape is taken as it is', () => {
  expect(routeOf('#experiment/100%')).toEqual({ view: 'experiment', id: '100%', runId: null })
})
