import { expect, test } from '@jest/globals'
import { tasksOf, updatesOf, type TraceEvent } from '#scripts/bench/page-trace.ts'

const TAB = { pid: 7, tid: 1 }

function task (atMs: number, wallMs: number, cpuMs = wallMs): TraceEvent {
  return { name: 'RunTask', ph: 'X', ...TAB, ts: atMs * 1000, dur: wallMs * 1000, tdur: cpuMs * 1000 }
}

function sample (atMs: number): TraceEvent {
  return { name: 'TimeStamp', ph: 'I', ...TAB, ts: atMs * 1000, args: { data: { message: 'sample' } } }
}

function frame (atMs: number): TraceEvent {
  return { name: 'FireAnimationFrame', ph: 'X', ...TAB, ts: atMs * 1000 }
}

test('an update is the task that received a sample, and all that follow until the next sample', () => {
  const first = [task(10, 2), sample(11), task(20, 9, 4)]
  const second = [task(260, 1), sample(260.5)]
  const events = [task(0, 5), ...first, ...second, task(500, 3), sample(501)]
  expect(updatesOf(tasksOf(events))).toEqual([{ wallMs: 11, cpuMs: 6 }, { wallMs: 1, cpuMs: 1 }])
})

test('a task is a frame if it draws one, whatever order the events are in', () => {
  const events = [sample(1), frame(12), task(10, 8), task(0, 2)]
  expect(tasksOf(events).map(({ isFrame, hasSample }) => [isFrame, hasSample])).toEqual([[false, true], [true, false]])
})

test('tasks of other threads and processes are left out', () => {
  const events = [task(0, 2), sample(1), { ...task(3, 100), tid: 2 }, { ...task(4, 100), pid: 8 }]
  expect(tasksOf(events)).toHaveLength(1)
})

test('a trace without a sample is refused', () => {
  expect(() => tasksOf([task(0, 1)])).toThrow('no sample arrived')
})
