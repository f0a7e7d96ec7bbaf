import { expect, test } from '@jest/globals'
import { experiments } from '#lab/experiments/all.ts'
import { byTopic } from '#lab/web/experiments/topics.ts'

const about = (topic: string, ...ids: string[]) => ids.map(id => ({ id, topic }))

test('experiments stand by topic, topics in the order of the page and experiments in that of the lab', () => {
  const given = [
    ...about('isolation', 'namespaces'),
    ...about('memory', 'memory-limit'),
    ...about('cpu', 'cpu-limit'),
    ...about('memory', 'page-cache')
  ]
  expect(byTopic(given)).toEqual([
    { title: 'Memory', experiments: about('memory', 'memory-limit', 'page-cache') },
    { title: 'CPU', experiments: about('cpu', 'cpu-limit') },
    { title: 'Isolation', experiments: about('isolation', 'namespaces') }
  ])
})

test('an experiment of a topic that the page does not know is shown all the same', () => {
  expect(byTopic(about('something new', 'a'))).toEqual([{ title: 'More', experiments: about('something new', 'a') }])
})

test('the page knows the topic of every experiment of the lab', () => {
  const titles = byTopic(experiments).map(({ title }) => title)
  expect(titles).toEqual(['Memory', 'CPU', 'Isolation', 'Resilience'])
})
