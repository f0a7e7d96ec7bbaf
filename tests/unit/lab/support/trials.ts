import type { SweepGoal, SweepSpec, SweepView, SweptLimits, Trial, TrialFigures } from '#lab/wire/sweep.ts'

export const goal: SweepGoal = { p99Ms: 250, maxFailedShare: 0.001, maxPressureShare: 0.1 }

export const requestSpec: SweepSpec = {
  service: 'api',
  work: { kind: 'requests', method: 'GET', path: '/work/cpu?ms=5' },
  ratePerSecond: 40,
  goal,
  marginShare: 0.2,
  only: null
}

const MIB = 2 ** 20

export const before: SweptLimits = { cpus: 0.5, memoryBytes: 256 * MIB, pids: 128 }

/** Forty requests a second for eight seconds, all served at once. */
export function figuresOf (given: Partial<TrialFigures> = {}): TrialFigures {
  return {
    seconds: 8,
    due: 320,
    failed: 0,
    p50Ms: 7,
    p99Ms: 20,
    halvesP50Ms: [7, 7],
    cores: 0.24,
    otherCores: 0.3,
    throttledShare: 0,
    peakBytes: 90 * MIB,
    anonPeakBytes: 60 * MIB,
    pidsPeak: 11,
    oomKills: 0,
    restarts: 0,
    memoryLimitHits: 0,
    refaults: 0,
    memoryPressureShare: null,
    pidsLimitHits: 0,
    ...given
  }
}

export function trialOf (given: Partial<Trial> = {}): Trial {
  return { number: 1, purpose: 'cpus', limits: before, outcome: 'passed', checks: [], figures: figuresOf(), ...given }
}

/** A sweep that has just begun. */
export function sweepOf (given: Partial<SweepView> = {}): SweepView {
  return {
    id: 'a',
    state: 'running',
    spec: requestSpec,
    startedAt: '2026-11-28T22:00:00.000Z',
    startedUptimeSeconds: 0,
    finishedAt: null,
    machine: { cpus: 2, memoryBytes: 8192 * MIB },
    before,
    plannedSeconds: 176,
    remainingSeconds: 176,
    current: null,
    toType: null,
    trials: [],
    result: null,
    error: null,
    ...given
  }
}
