import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { expect, test } from '@jest/globals'
import { Broadcast } from '#lab/broadcast.ts'
import { EventLog } from '#lab/events.ts'
import { Streams } from '#lab/stream.ts'
import type { RunView } from '#lab/wire/experiments.ts'
import type { JobsView } from '#lab/wire/live.ts'
import type { LoadView } from '#lab/wire/load.ts'
import { capturedLog } from '#support/captured-log.ts'
import { FakeTime, settled } from './support/fakes.ts'
import { sampleOf } from './support/samples.ts'

const services = { api: 'up', worker: 'up', postgres: 'up', redis: 'up' } as const
const jobs: JobsView = { at: '', services, queue: null, latest: null }
const load = (id: string) => ({ id }) as LoadView
const event = (text: string) =>
  ({ kind: 'gone', containerId: 'a', service: 'api', name: 'lab-api-1', text, oom: null }) as const

/** `made` lists what was made to be sent; `sent` lists the messages of the only stream. */
function setUp ({ ask = async () => jobs, project = '', isAttached = false } = {}) {
  const time = new FakeTime()
  const made: string[] = []
  const sent: string[] = []
  const { log, lines } = capturedLog()
  const note = <T>(name: string, value: T): T => { made.push(name); return value }
  const view = { hz: 4, samplesTotal: 1, missedTotal: 0, driftMs: 0, containers: 1, strangers: 0 }
  const observer = {
    cgroupVersion: 'v2',
    project: 'learned',
    services: ['api'] as string[],
    events: new EventLog(() => 1000),
    sample: () => note('sample', sampleOf()),
    samplerView: () => note('sampler', view)
  } as const
  const streams = new Streams(2)
  const stack = isAttached ? null : { view: () => note('jobs', ask()) }
  const loads = { all: () => [load('newest'), load('older')] }
  const settings = { version: '1', project, hz: 4, keepSeconds: 900, missing: [] }
  const limits = () => note('limits', { canChange: false, changed: [] })
  const sweeps = { all: () => [] }
  const broadcast = new Broadcast(settings, { streams, observer, stack, loads, limits, sweeps, log }, time)
  const open = () => {
    const write = (text: string) => { sent.push(text); return true }
    const res = Object.assign(new EventEmitter(), { writableLength: 0, writeHead () {}, write })
    return streams.open(res as unknown as ServerResponse)
  }
  const names = () =>
    sent.map(text => /^event: (\w+)$/m.exec(text)?.[1] ?? text.trim()).filter(name => !name.startsWith('retry'))
  return { time, made, sent, lines, broadcast, observer, open, names }
}

test('while no stream is open, no message is made and no service is asked', async () => {
  const { time, made, broadcast } = setUp()
  broadcast.start()
  broadcast.onSample()
  await time.advanceSlowly(5000)
  expect([broadcast.isWatching(), made]).toEqual([false, []])
})

test('an open stream is watching, and is sent each sample, load, run and event as it comes', () => {
  const { broadcast, open, names, observer } = setUp()
  observer.events.onAdd(event => broadcast.sendEvent(event))
  open()
  broadcast.onSample()
  broadcast.sendLoad(load('a'))
  broadcast.sendRun({ id: 'a' } as RunView)
  observer.events.add(event('one'))
  expect([broadcast.isWatching(), names()]).toEqual([true, ['sample', 'load', 'run', 'event']])
})

test('every second an open stream is sent how the sampler and the jobs are', async () => {
  const { time, broadcast, open, names } = setUp()
  broadcast.start()
  open()
  await time.advanceSlowly(2000)
  await settled()
  expect(names()).toEqual(['sampler', 'jobs', 'sampler', 'jobs'])
})

test('beside another project no stream is sent jobs', async () => {
  const { time, broadcast, open, names, made } = setUp({ isAttached: true })
  broadcast.start()
  broadcast.greet(open(), NaN)
  await time.advanceSlowly(1000)
  await settled()
  expect([names(), made.includes('jobs')]).toEqual([['hello', 'sample', 'sampler', 'limits', 'load', 'sampler'], false])
})

test('every ten seconds an open stream carries a comment', async () => {
  const { time, broadcast, open, names } = setUp()
  broadcast.start()
  open()
  await time.advanceSlowly(20_000)
  expect(names().filter(name => name.startsWith(':'))).toHaveLength(2)
})

test('a stopped broadcast sends nothing more', async () => {
  const { time, broadcast, open, names } = setUp()
  broadcast.start()
  open()
  broadcast.stop()
  await time.advanceSlowly(20_000)
  expect(names()).toEqual([])
})

test('a stack that cannot be asked is logged, and the sampler is sent all the same', async () => {
  const { time, broadcast, open, names, lines } = setUp({ ask: async () => { throw new Error('no answer') } })
  broadcast.start()
  open()
  await time.advanceSlowly(1000)
  await settled()
  expect([names(), lines.map(({ msg }) => msg)]).toEqual([['sampler'], ['cannot ask the stack']])
})

test('a new stream is greeted with the events it knows, the newest load, and the events it missed', async () => {
  const { broadcast, observer, open, names, sent } = setUp()
  for (const text of ['one', 'two']) observer.events.add(event(text))
  broadcast.greet(open(), 1000)
  await settled()
  expect(names()).toEqual(['hello', 'sample', 'sampler', 'limits', 'load', 'event', 'jobs'])
  expect(JSON.parse(/^event: hello\ndata: (.*)$/m.exec(sent[1]!)![1]!)).toMatchObject({
    version: '1',
    project: 'learned',
    cgroupVersion: 'v2',
    hz: 4,
    keptSeconds: 900,
    services: ['api'] as string[],
    missing: [],
    events: [{ text: 'one' }]
  })
  expect(sent.find(text => text.startsWith('event: load'))).toContain('"newest"')
})

test('a project that is set goes before one that is learned, and the life of a lab stays the same', () => {
  const { broadcast, open, sent } = setUp({ project: 'mine' })
  for (let i = 0; i < 2; i++) broadcast.greet(open(), NaN)
  const hellos = sent
    .filter(text => text.startsWith('event: hello'))
    .map(text => JSON.parse(text.split('\ndata: ')[1]!))
  expect(hellos).toEqual([
    expect.objectContaining({ project: 'mine' }),
    expect.objectContaining({ life: hellos[0].life })
  ])
})
