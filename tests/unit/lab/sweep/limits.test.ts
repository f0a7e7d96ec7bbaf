import { describe, expect, test } from '@jest/globals'
import { limitsIn, LimitsRefused, TrialLimits, updateLine } from '#lab/sweep/limits.ts'
import type { SweptLimits } from '#lab/wire/sweep.ts'
import { Refusal } from '#shared/http/problem.ts'
import type { ChangedLimits, LimitChange } from '#shared/limits/change.ts'
import { readingOf } from '#support/readings.ts'
import { until } from '#support/until.ts'
import { before } from '../support/trials.ts'

const smaller: SweptLimits = { ...before, cpus: 0.25 }
const { signal } = new AbortController()

function setUp ({ canChange = true, refusal = null }: { canChange?: boolean, refusal?: Refusal | null } = {}) {
  const asked: LimitChange[] = []
  const lines: Array<string | null> = []
  const kernel = { limits: before as SweptLimits | null }
  const changes = {
    canChange,
    request: async (change: LimitChange) => {
      if (refusal !== null) throw refusal
      asked.push(change)
      kernel.limits = { ...before, cpus: change.cpus ?? before.cpus }
      return {} as ChangedLimits
    },
    putBack: async () => { kernel.limits = before; return {} as ChangedLimits }
  }
  const onToType = (line: string | null) => { lines.push(line) }
  const limits = new TrialLimits('api', before, { changes, limitsNow: () => kernel.limits, onToType })
  return { limits, kernel, asked, lines }
}

const refusalOf = (status: number) => new Refusal({ status, code: 'x', detail: 'in use' })

describe('limits of a trial', () => {
  test('are asked of the broker, and in force when the kernel shows them', async () => {
    const { limits, asked } = setUp()
    await limits.set(smaller, signal)
    expect(asked).toEqual([{ service: 'api', cpus: 0.25, memoryBytes: 268435456, pids: 128 }])
    expect([limits.areInForce(smaller), limits.areInForce(before)]).toEqual([true, false])
  })

  test('that the broker refuses are refused, with its reason', async () => {
    const { limits } = setUp({ refusal: refusalOf(409) })
    await expect(limits.set(smaller, signal)).rejects.toEqual(new LimitsRefused('in use'))
  })

  test('fail when the broker does not answer', async () => {
    await expect(setUp({ refusal: refusalOf(503) }).limits.set(smaller, signal)).rejects.toBeInstanceOf(Refusal)
  })

  test('of a container that does not run are not in force', () => {
    const { limits, kernel } = setUp()
    kernel.limits = null
    expect(limits.areInForce(before)).toBe(false)
  })
})

describe('without a broker, limits of a trial', () => {
  test('are shown to be typed, until the kernel has them', async () => {
    const { limits, kernel, lines } = setUp({ canChange: false })
    const setting = limits.set(smaller, signal)
    await until(() => lines.length === 1, { what: 'the line to type' })
    kernel.limits = smaller
    await setting
    expect(lines).toEqual([updateLine('api', smaller), null])
  })

  test('are waited for until somebody stops the sweep', async () => {
    const stopping = new AbortController()
    const setting = setUp({ canChange: false }).limits.set(smaller, stopping.signal)
    stopping.abort()
    await expect(setting).rejects.toThrow()
  })

  test('are shown at the end if they are not those from before', async () => {
    const { limits, kernel, lines } = setUp({ canChange: false })
    kernel.limits = smaller
    await limits.putBack()
    kernel.limits = before
    await limits.putBack()
    expect(lines).toEqual([updateLine('api', before), null])
  })
})

test('the line to type changes swap with memory, and leaves out what has no limit', () => {
  expect(updateLine('api', before)).toBe(
    'docker update --cpus 0.5 --memory 268435456 --memory-swap 268435456 --pids-limit 128 $(docker compose ps -q api)')
  expect(updateLine('api', { cpus: 'max', memoryBytes: 'max', pids: 'max' }))
    .toBe('docker update --pids-limit -1 $(docker compose ps -q api)')
})

test('limits are read from the kernel, and unknown where one of them is', () => {
  const limits = { cpuMax: { quotaUs: 25_000, periodUs: 100_000 }, memoryMaxBytes: 'max' as const, pidsMax: 128 }
  expect(limitsIn(readingOf({ limits }))).toEqual({ cpus: 0.25, memoryBytes: 'max', pids: 128 })
  expect(limitsIn(readingOf({ limits: { ...limits, cpuMax: { quotaUs: 'max', periodUs: 100_000 } } }))!.cpus).toBe('max')
  expect(limitsIn(readingOf({ limits: { ...limits, pidsMax: null } }))).toBeNull()
})
