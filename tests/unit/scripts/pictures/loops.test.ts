import { expect, test } from '@jest/globals'
import { closedLoop, openLoop, percentile, type Recorded } from '#scripts/pictures/loops.ts'
import { scene } from '#scripts/pictures/open-closed-loop.ts'

const calm = { ...scene, stall: { fromMs: 0, toMs: 0 } }

test('without a stall both loops record the same', () => {
  expect(openLoop(calm)).toEqual(closedLoop(calm))
  expect(percentile(openLoop(calm), 1)).toBe(scene.serviceMs)
})

test('in a stall an open loop records every request that was due, a closed loop one', () => {
  const slow = (recorded: Recorded[]) => recorded.filter(({ latencyMs }) => latencyMs > 2 * scene.serviceMs).length
  expect(openLoop(scene)).toHaveLength(scene.endMs / scene.everyMs)
  expect(slow(openLoop(scene))).toBeGreaterThanOrEqual(20)
  expect(slow(closedLoop(scene))).toBe(1)
  expect(percentile(openLoop(scene), 1)).toBe(percentile(closedLoop(scene), 1))
})

test('a request that is being served when the stall begins is answered after it', () => {
  const [first] = openLoop({ everyMs: 1000, serviceMs: 10, stall: { fromMs: 5, toMs: 500 }, endMs: 1000 })
  expect(first).toEqual({ sentMs: 0, latencyMs: 510 })
})
