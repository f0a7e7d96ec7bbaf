import { describe, expect, test } from '@jest/globals'
import { UnexplainedKills } from '../../../../services/lab/sampling/witness.ts'

describe('kills that nobody explains', () => {
  test('are none after the first look, whatever was counted before', () => {
    const kills = new UnexplainedKills()
    kills.update(12, 0, 0)
    expect(kills.count).toBe(0)
  })

  test('are what the witness counted and no container did', () => {
    const kills = new UnexplainedKills()
    kills.update(12, 0, 0)
    kills.update(14, 1, 250)
    expect(kills.count).toBe(1)
  })

  test.each([
    ['the witness first', [[13, 0], [13, 1]]], ['the container first', [[12, 1], [13, 0]]]
  ] as const)('are none where both counted, %s', (_case, [first, second]) => {
    const kills = new UnexplainedKills()
    kills.update(12, 0, 0)
    kills.update(first[0], first[1], 250)
    kills.update(second[0], second[1], 500)
    expect(kills.count).toBe(0)
  })

  test('wait a second for a container that ends', () => {
    const kills = new UnexplainedKills()
    kills.update(12, 0, 0)
    kills.update(13, 0, 250)
    kills.update(13, 0, 1000)
    expect(kills.count).toBe(1)
    kills.update(13, 0, 1500)
    expect(kills.count).toBe(0)
  })

  test('are taken once', () => {
    const kills = new UnexplainedKills()
    kills.update(12, 0, 0)
    kills.update(13, 0, 250)
    kills.take(1)
    expect(kills.count).toBe(0)
  })

  test('are not known while the witness cannot be asked, and start anew after', () => {
    const kills = new UnexplainedKills()
    kills.update(12, 0, 0)
    kills.update(null, 0, 250)
    expect(kills.count).toBeNull()
    kills.update(15, 0, 500)
    expect(kills.count).toBe(0)
  })
})
