import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { expect, test } from '@jest/globals'
import { Streams } from '#lab/stream.ts'
import type { LabEvent, SamplerView } from '#lab/wire/live.ts'

/** A client that reads nothing while `reads` is false. */
class FakeResponse extends EventEmitter {
  writableLength = 0
  reads = true
  isCut = false
  written: string[] = []
  writeHead (): void {}
  write (text: string): boolean {
    this.written.push(text)
    if (!this.reads) this.writableLength += text.length
    return this.reads
  }

  readAll (): void {
    this.reads = true
    this.writableLength = 0
    this.emit('drain')
  }

  end (): void { this.emit('close') }
  destroy (): void { this.isCut = true; this.emit('close') }
}

function setUp (clients = 1) {
  const streams = new Streams(2)
  const responses = Array.from({ length: clients }, () => new FakeResponse())
  for (const res of responses) streams.open(res as unknown as ServerResponse)
  return { streams, responses, res: responses[0]! }
}

const view: SamplerView = { hz: 4, samplesTotal: 1, missedTotal: 0, driftMs: 0, containers: 5, strangers: 2 }
const event = (id: number): LabEvent => ({
  id,
  at: '',
  kind: 'gone',
  containerId: 'a',
  service: 'api',
  name: 'lab-api-1',
  text: '',
  oom: null
})

test('with no stream open, no message is made', () => {
  const { streams } = setUp(0)
  streams.send('sampler', () => { throw new Error('made for no client') })
  expect(streams.size).toBe(0)
})

test('a message is made once for all streams', () => {
  const { streams, responses } = setUp(2)
  let made = 0
  streams.send('sampler', () => { made++; return view })
  expect(made).toBe(1)
  expect(responses.map(({ written }) => written.at(-1))).toEqual(Array(2).fill(`event: sampler\ndata: ${JSON.stringify(view)}\n\n`))
})

test('a client that does not read gets no more once enough is waiting, and the others do', () => {
  const { streams, responses: [slow, quick] } = setUp(2)
  slow!.reads = false
  for (let i = 0; i < 2000; i++) streams.send('sampler', () => view)
  expect(slow!.writableLength).toBeLessThan(66 * 1024)
  expect(quick!.written).toHaveLength(2001)
  expect(streams.droppedTotal).toBeGreaterThan(1000)
})

test('a client that reads again is sent the events that it missed meanwhile', () => {
  const { streams, res } = setUp()
  res.reads = false
  res.writableLength = 100_000
  streams.sendEvent(event(1))
  streams.sendEvent(event(2))
  expect(res.written).toHaveLength(1)
  res.readAll()
  expect(res.written.slice(1).map(text => text.split('\n')[0])).toEqual(['id: 1', 'id: 2'])
})

test('an event of which more is known is sent again, without an id, because it is not the last event', () => {
  const { streams, res } = setUp()
  streams.sendEvent(event(1))
  streams.sendEvent(event(2))
  streams.sendUpdate({ ...event(1), text: 'more' })
  expect(res.written.at(-1)).toBe(`event: event\ndata: ${JSON.stringify({ ...event(1), text: 'more' })}\n\n`)
})

test('of an event that still waits for a client, the client gets only what is known by then', () => {
  const { streams, res } = setUp()
  res.writableLength = 100_000
  for (const id of [1, 2]) streams.sendEvent(event(id))
  streams.sendUpdate({ ...event(1), text: 'more' })
  res.readAll()
  expect(res.written.slice(1)).toEqual([
    `id: 1\nevent: event\ndata: ${JSON.stringify({ ...event(1), text: 'more' })}\n\n`,
    `id: 2\nevent: event\ndata: ${JSON.stringify(event(2))}\n\n`
  ])
})

test('at most the newest 200 events wait for a client that never reads', () => {
  const { streams, res } = setUp()
  res.writableLength = 100_000
  for (let i = 0; i < 1000; i++) streams.sendEvent(event(i))
  res.readAll()
  expect(res.written).toHaveLength(201)
})

test('a client that has taken nothing for half a minute is cut off', () => {
  const { streams, res } = setUp()
  res.writableLength = 100_000
  streams.heartbeat(0)
  streams.heartbeat(20_000)
  expect(res.isCut).toBe(false)
  streams.heartbeat(31_000)
  expect(res.isCut).toBe(true)
  expect(streams.size).toBe(0)
})

test('a quiet stream carries a comment now and then', () => {
  const { streams, res } = setUp()
  streams.heartbeat(0)
  expect(res.written.at(-1)).toMatch(/^: .*\n\n$/)
})

test('at most as many streams are open as allowed, and a closed one makes room', () => {
  const { streams, res } = setUp(2)
  expect(streams.isFull).toBe(true)
  res.end()
  expect(streams).toMatchObject({ isFull: false, size: 1 })
})

test('messages dropped by a stream that closed stay counted', () => {
  const { streams, res } = setUp()
  res.writableLength = 100_000
  streams.send('sampler', () => view)
  res.end()
  expect(streams.droppedTotal).toBe(1)
})
