import { expect, test } from '@jest/globals'
import { experiments } from '#lab/experiments/all.ts'
import { byTopic } from '#lab/web/experiments/topics.ts'

const named = (...ids: string[]) => ids.map(id => ({ id }))

test('experiments stand by topic, in the order of the topic and not of the list', () => {
  expect(byTopic(named('namespaces', 'cpu-limit', 'page-cache', 'memory-limit'))).toEqual([
    { title: 'Memory', experiments: named('memory-limit', 'page-cache') },
    { title: 'CPU', experiments: named('cpu-limit') },
    { title: 'Isolation', experiments: named('namespaces') }
  ])
})

test('an experiment that nobody has put anywhere is shown all the same', () => {
  expect(byTopic(named('something-new'))).toEqual([{ title: 'More', experiments: named('something-new') }])
})

test('every experiment of the lab has its topic', () => {
  expect(byTopic(experiments).map(({ title }) => title)).not.toContain('More')
})
