import { describe, expect, test } from '@jest/globals'
import {
  composeLines, givesWayFirst, kubernetesLines, notesOn, recommendedLimits, type Found
} from '#lab/sweep/recommendation.ts'
import { before, figuresOf, requestSpec } from '../support/trials.ts'

const MIB = 2 ** 20
const machine = { cpus: 2 }
const found: Found = {
  cpus: { passed: 0.251, failed: 0.24 },
  memoryBytes: { passed: 70.2 * MIB, failed: 66 * MIB },
  pidsPeak: 11
}
const limits = { cpus: 0.31, memoryBytes: 85 * MIB, pids: 19 }

describe('recommended limits', () => {
  test('are the smallest that passed with the margin, rounded up', () => {
    expect(recommendedLimits(found, 0.2, before, machine)).toEqual(limits)
  })

  test('are never more than the machine has, or than memory had before', () => {
    const memoryBytes = { passed: 250 * MIB, failed: null }
    const much: Found = { cpus: { passed: 1.9, failed: null }, memoryBytes, pidsPeak: 11 }
    expect(recommendedLimits(much, 0.2, before, machine)).toEqual({ cpus: 2, memoryBytes: 256 * MIB, pids: 19 })
  })

  test('leave as it was what was not measured', () => {
    expect(recommendedLimits({ ...found, memoryBytes: null, pidsPeak: null }, 0.2, before, machine))
      .toEqual({ ...before, cpus: 0.31 })
  })

  test('are exact where nothing has to be rounded', () => {
    expect(recommendedLimits({ ...found, cpus: { passed: 0.25, failed: null } }, 0.2, before, machine).cpus).toBe(0.3)
  })
})

describe('lines to copy', () => {
  test('for compose.yaml limit memory and swap together', () => {
    expect(composeLines('api', limits)).toBe(`services:
  api:
    memswap_limit: 85M
    deploy:
      resources:
        limits:
          cpus: "0.31"
          memory: 85M
          pids: 19
`)
  })

  test('for Kubernetes request the CPU time that the work takes, and all of the memory', () => {
    expect(kubernetesLines(limits, 0.2401)).toBe(`resources:
  requests:
    cpu: 241m
    memory: 85Mi
  limits:
    cpu: 310m
    memory: 85Mi
# Tasks are limited for a whole pod, by the kubelet: podPidsLimit, at least 19
`)
  })

  test('leave out what has no limit', () => {
    const text = composeLines('api', { cpus: 0.31, memoryBytes: 'max', pids: 'max' })
    expect([text.includes('memory'), text.includes('memswap'), text.includes('pids')]).toEqual([false, false, false])
  })
})

describe('what gives way first', () => {
  test('is CPU, with the rate at which it does', () => {
    expect(givesWayFirst(limits, figuresOf({ cores: 0.248, anonPeakBytes: 60 * MIB }), 40))
      .toBe('CPU: 80 % of the limit is used, so the queue grows from about 50 a second on.')
  })

  test('is memory where more of it is used', () => {
    expect(givesWayFirst(limits, figuresOf({ anonPeakBytes: 78 * MIB }), 40))
      .toBe('memory that cannot be reclaimed: 92 % of the limit is used.')
  })

  test('is not known where nothing was measured', () => {
    expect(givesWayFirst(limits, figuresOf({ cores: null, anonPeakBytes: null, pidsPeak: null }), 40)).toBeNull()
  })
})

test('the notes say what one request takes, and what could not be seen', () => {
  const notes = notesOn(requestSpec, found, figuresOf({ cores: 0.24 }))
  expect(notes.join(' ')).toMatch(/one request takes 6.0 ms.*On another machine.*no PSI/)
  expect(notesOn(requestSpec, found, figuresOf({ memoryPressureShare: 0 })).join(' ')).not.toMatch('PSI')
})
