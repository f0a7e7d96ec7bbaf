import { expect, test } from '@jest/globals'
import { Ticker } from '#lab/clock.ts'
import { capturedLog } from '#support/captured-log.ts'
import { FakeTime } from './support/fakes.ts'

function setUp (hz: number, act: (time: FakeTime) => void = () => {}) {
  const time = new FakeTime()
  const at: number[] = []
  const { log, lines } = capturedLog()
  const beat = new Ticker('sampling', hz, () => { at.push(time.nowMs()); act(time) }, log, time)
  return { time, at, beat, lines }
}

test('a beat of four a second acts at once and then every 250 ms', () => {
  const { time, at, beat } = setUp(4)
  beat.start()
  time.advance(1000)
  expect(at).toEqual([0, 250, 500, 750, 1000])
  expect(beat).toMatchObject({ doneTotal: 5, missedTotal: 0, driftMs: 0 })
})

test('what the act itself takes does not move the moments that follow', () => {
  const { time, at, beat } = setUp(10, time => time.block(30))
  beat.start()
  time.advance(1000)
  expect(at).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000])
})

test('lateness is measured and does not add up', () => {
  const { time, at, beat } = setUp(4)
  beat.start()
  time.block(290)
  time.advance(0)
  expect(beat.driftMs).toBe(40)
  time.advance(210)
  expect(at).toEqual([0, 290, 500])
  expect(beat).toMatchObject({ missedTotal: 0, driftMs: 0 })
})

test('moments that passed while the process stood still are counted and not made up for', () => {
  const { time, at, beat } = setUp(4)
  beat.start()
  time.block(1100)
  time.advance(400)
  expect(at).toEqual([0, 1100, 1250, 1500])
  expect(beat).toMatchObject({ doneTotal: 4, missedTotal: 3 })
})

test('a stopped beat acts no more', () => {
  const { time, at, beat } = setUp(4)
  beat.start()
  beat.stop()
  time.advance(1000)
  expect(at).toEqual([0])
})

test('an act that throws is logged once and the beat goes on', () => {
  const { time, at, beat, lines } = setUp(4, () => { throw new Error('no such file') })
  beat.start()
  time.advance(500)
  expect(at).toHaveLength(3)
  expect(lines.map(({ msg }) => msg)).toEqual(['sampling failed'])
})
