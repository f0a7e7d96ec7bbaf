import { expect, test } from '@jest/globals'
import { createState, onHello, onHistory, onSample, servicesOf, type State } from '#lab/web/state/state.ts'
import type { Hello, History, HistorySeries, Sample } from '#lab/wire/live.ts'
import { container } from '../support/container.ts'

const hello = (life: string): Hello => ({
  version: 'dev',
  life,
  project: 'lab',
  cgroupVersion: 'v2',
  host: { cpus: 2, memoryBytes: 1 },
  hz: 4,
  keptSeconds: 900,
  services: ['worker'],
  missing: [],
  events: []
})

/** The `seq`th sample of a lab; the tests below recognize it by its pids. */
const sample = (seq: number, clock: number, pids = seq): Sample => ({
  at: new Date(clock * 1000).toISOString(),
  seq,
  uptimeSeconds: seq / 4,
  containers: [container({ pids: { current: pids } })]
})

/** The history of a lab that took these samples. */
function historyOf (...samples: Sample[]): History {
  const { containers, ...newest } = samples.at(-1)!
  const [{ id, service, name }] = containers as [Sample['containers'][number]]
  const pids = samples.map(({ containers }) => containers[0]!.pids.current)
  const series = { memoryBytes: pids, pids } as Record<HistorySeries, number[]>
  const at = samples.map(({ at }) => Date.parse(at) / 1000)
  return { newest, at, containers: [{ id, service, name, effective: null, limitSteps: [], series }] }
}

function drawn ({ columns: { at, containers } }: State): number[] {
  expect(at.every((seconds, i) => i === 0 || seconds > at[i - 1]!)).toBe(true)
  return (containers[0]?.series.pids.slice() ?? []).filter(value => value !== null)
}

function connected (life = 'a', history: History | null = null): State {
  const state = createState()
  onHello(state, hello(life))
  onHistory(state, history)
  return state
}

test('samples that arrive while history is on its way are drawn once', () => {
  const state = createState()
  onHello(state, hello('a'))
  for (const seq of [3, 4, 5]) onSample(state, sample(seq, 1000 + seq / 4))
  onHistory(state, historyOf(...[1, 2, 3, 4].map(seq => sample(seq, 1000 + seq / 4))))
  expect(drawn(state)).toEqual([1, 2, 3, 4, 5])
})

test('case 11: samples that arrive while history is on its way are drawn, although the clock was set back before them', () => {
  const state = createState()
  onHello(state, hello('a'))
  onSample(state, sample(3, 1000.75))
  onSample(state, sample(4, 401))
  onHistory(state, historyOf(...[1, 2, 3].map(seq => sample(seq, 1000 + seq / 4))))
  expect(drawn(state)).toEqual([1, 2, 3, 4])
})

test('case 11: a page that reconnects after the clock was set back draws what the lab remembers, and what follows', () => {
  const state = connected('a', historyOf(sample(1, 1000), sample(2, 1000.25)))
  onHello(state, hello('a'))
  onHistory(state, historyOf(sample(2, 400.25), sample(3, 400.5)))
  onSample(state, sample(4, 400.75))
  expect(drawn(state)).toEqual([1, 2, 3, 4])
})

test.each([['goes on', 1200], ['was set back', 400]])('case 11: samples of a restarted lab are drawn from the first on, while the clock %s', (_case, clock) => {
  const state = connected()
  for (const seq of [1, 2, 3]) onSample(state, sample(seq, 1000 + seq / 4))
  onHello(state, hello('b'))
  onHistory(state, null)
  for (const seq of [1, 2, 3, 4]) onSample(state, sample(seq, clock + seq / 4, 10 * seq))
  expect(drawn(state)).toEqual([1, 2, 3, 10, 20, 30, 40])
})

test('case 11: a lab that restarted unseen, and has counted further than the one before, is not taken for it', () => {
  const state = connected('a', historyOf(sample(1, 1000)))
  onHello(state, hello('b'))
  onHistory(state, historyOf(sample(40, 1100, 70)))
  onSample(state, sample(41, 1100.25, 80))
  expect(drawn(state)).toEqual([1, 70, 80])
})

test('services that are found later follow those that the lab named, in the order of their names', () => {
  const state = connected()
  const containers = ['web', 'worker', 'cache', 'web'].map(service => container({ service }))
  onSample(state, { ...sample(1, 1000), containers })
  expect(servicesOf(state)).toEqual(['worker', 'cache', 'web'])
})
