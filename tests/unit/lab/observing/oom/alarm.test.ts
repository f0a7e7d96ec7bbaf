import { expect, test } from '@jest/globals'
import { Alarm } from '#lab/observing/oom/alarm.ts'
import { FakeTime } from '../../support/fakes.ts'

function setUp () {
  const time = new FakeTime()
  const looks: number[] = []
  const alarm = new Alarm({ look: () => looks.push(time.nowMs()), time })
  return { time, alarm, looks }
}

test('a ring has somebody look at once', () => {
  const { alarm, looks } = setUp()
  alarm.ring()
  expect(looks).toEqual([0])
})

test('rings soon after a look lead to one more, after a pause', () => {
  const { time, alarm, looks } = setUp()
  for (let ms = 0; ms < 30; ms += 10) {
    alarm.ring()
    time.advance(10)
  }
  time.advance(1000)
  expect(looks).toEqual([0, 40])
})

test('rings without end lead to a look every 40 ms', () => {
  const { time, alarm, looks } = setUp()
  for (let ms = 0; ms < 1000; ms += 10) {
    alarm.ring()
    time.advance(10)
  }
  expect(looks).toEqual(Array.from({ length: 26 }, (_, i) => i * 40))
})

test('an alarm that was stopped looks no more', () => {
  const { time, alarm, looks } = setUp()
  alarm.ring()
  alarm.ring()
  alarm.stop()
  time.advance(1000)
  expect(looks).toEqual([0])
})
