import { expect, test } from '@jest/globals'
import { Turns, type Turn } from '#lab/load/turns.ts'

interface Sent { turn: Turn, isFirst: boolean }

const send = (turns: Turns, isFirst: boolean, atMs = 0): Sent => ({ turn: turns.begin(atMs, 0), isFirst })
const end = (turns: Turns, { turn, isFirst }: Sent, outcome: Parameters<Turns['end']>[2] = 200, atMs = 10): void =>
  turns.end(turn, isFirst, outcome, atMs)

/** Answers requests on `open` connections in turn; each connection asks again at once. */
function serve (turns: Turns, open: number, answers: number): void {
  const line = Array.from({ length: open }, () => send(turns, false))
  for (let i = 0; i < answers; i++) {
    end(turns, line.shift()!)
    line.push(send(turns, false))
  }
  for (const one of line) end(turns, one)
}

test('if requests are served in the order in which they came, none is overtaken', () => {
  const turns = new Turns()
  serve(turns, 20, 500)
  expect(turns.report().later).toMatchObject({ inTurn: 520, overtaken: 0 })
})

test('a request on a new connection is overtaken if it waits while open ones are served again and again', () => {
  const turns = new Turns()
  const waiting = Array.from({ length: 10 }, () => send(turns, true))
  serve(turns, 20, 500)
  for (const one of waiting) end(turns, one)
  const { inTurn, first, later } = turns.report()
  expect(inTurn).toBe(false)
  expect([first, later]).toMatchObject([{ inTurn: 0, overtaken: 10 }, { inTurn: 520, overtaken: 0 }])
})

test('if a server stood still for all requests, none is overtaken', () => {
  const turns = new Turns()
  serve(turns, 1, 100)
  const came = Array.from({ length: 50 }, () => send(turns, true))
  for (const one of came) end(turns, one, 200, 1000)
  const latency = { count: 50, maxMs: expect.closeTo(1000, 0) }
  expect(turns.report()).toMatchObject({ inTurn: true, first: { inTurn: 50, overtaken: 0, latency } })
})

test('an early timeout counts neither as in turn nor as overtaken, but its latency counts', () => {
  const turns = new Turns()
  end(turns, send(turns, true), 'timeout', 30)
  const latency = { count: 1, maxMs: expect.closeTo(30, 1) }
  expect(turns.report().first).toMatchObject({ inTurn: 0, overtaken: 0, latency })
})

test('a request that timed out after many others were answered was overtaken', () => {
  const turns = new Turns()
  const waiting = send(turns, true)
  serve(turns, 5, 100)
  end(turns, waiting, 'timeout')
  expect(turns.report().first).toMatchObject({ inTurn: 0, overtaken: 1 })
})

test.each(['connection_error', 503] as const)('a request that ends as %s counts neither as in turn nor as overtaken, and its latency does not count', outcome => {
  const turns = new Turns()
  end(turns, send(turns, true), outcome)
  expect(turns.report().first).toMatchObject({ inTurn: 0, overtaken: 0, latency: { count: 0 } })
})

test('latencies count from being sent; the wait before that, and connecting, are separate', () => {
  const turns = new Turns()
  turns.connected(3)
  turns.end(turns.begin(100, 40), false, 200, 107)
  const { wait, connect, later } = turns.report()
  expect([wait, connect, later.latency].map(({ count, maxMs }) => [count, Math.round(maxMs!)]))
    .toEqual([[1, 40], [1, 3], [1, 7]])
})
