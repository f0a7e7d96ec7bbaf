/** Experiments by what they are about. Pure. */
import type { ExperimentTopic } from '#lab/wire/experiments.ts'

/** In the order in which the page shows them. */
const titles: Record<ExperimentTopic, string> = {
  memory: 'Memory',
  cpu: 'CPU',
  isolation: 'Isolation',
  resilience: 'Resilience'
}
const OTHERS = 'More'

export interface Topic<T> { title: string, experiments: T[] }

/** Topics in the order above, experiments in the lab's; those of a topic that this page does not know come last. */
export function byTopic<T extends { topic: string }> (experiments: T[]): Array<Topic<T>> {
  const known = Object.entries(titles)
    .map(([topic, title]) => ({ title, experiments: experiments.filter(one => one.topic === topic) }))
  const others = { title: OTHERS, experiments: experiments.filter(({ topic }) => !(topic in titles)) }
  return [...known, others].filter(({ experiments }) => experiments.length > 0)
}
