/** Experiments by what they are about. Pure. */

const topics: Array<[title: string, experiments: string[]]> = [
  ['Memory', ['memory-limit', 'memory-limit-pid1', 'heap-vs-limit', 'page-cache', 'tmpfs-counts']],
  ['CPU', ['cpu-limit', 'throttling-latency', 'short-burst', 'noisy-neighbour', 'health-check-cost']],
  ['Isolation', ['namespaces', 'what-leaks', 'own-filesystem', 'pids-limit']],
  ['Resilience', ['queue-survives']]
]
const OTHERS = 'More'

export interface Topic<T> { title: string, experiments: T[] }

/** In the order above; one that nobody has put anywhere comes last, and topics without experiments are left out. */
export function byTopic<T extends { id: string }> (experiments: T[]): Array<Topic<T>> {
  const known = new Set(topics.flatMap(([, ids]) => ids))
  const placed = topics.map(([title, ids]) => ({ title, experiments: ids.flatMap(id => experiments.filter(experiment => experiment.id === id)) }))
  const others = { title: OTHERS, experiments: experiments.filter(({ id }) => !known.has(id)) }
  return [...placed, others].filter(({ experiments }) => experiments.length > 0)
}
