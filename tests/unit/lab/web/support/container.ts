import type { ContainerView } from '#lab/wire/live.ts'

const MIB = 1024 ** 2

type Change<Part> = Part extends object | null ? Partial<NonNullable<Part>> | null : Part
type Changes = { [K in keyof ContainerView]?: Change<ContainerView[K]> }

/** A worker at rest under its limits, with the changes that a test is about. */
export function container (changes: Changes = {}): ContainerView {
  const view: Record<string, unknown> = structuredClone(calm) as unknown as Record<string, unknown>
  for (const [name, change] of Object.entries(changes)) {
    const isObject = typeof change === 'object' && change !== null && typeof view[name] === 'object'
    view[name] = isObject ? { ...view[name] as object, ...change } : change
  }
  return view as unknown as ContainerView
}

const calm: ContainerView = {
  id: 'a'.repeat(64),
  service: 'worker',
  name: 'limits-lab-worker-1',
  number: 1,
  state: 'calm',
  limits: {
    cpuMax: null,
    cpuWeight: null,
    cpuShares: null,
    cpusetCpus: null,
    memoryMaxBytes: 256 * MIB,
    memoryHighBytes: null,
    memoryLowBytes: null,
    swapMaxBytes: 0,
    rawSwapMaxBytes: 0,
    pidsMax: 128
  },
  effective: {
    cpuCores: { cores: 0.5, from: 'own' },
    memory: { bytes: 256 * MIB, from: 'own' },
    swap: null,
    pids: { max: 128, from: 'own' }
  },
  cpu: {
    usageSecondsTotal: 1,
    cores: 0.02,
    shareOfLimit: 0.04,
    throttling: 'not_throttled',
    throttledShare: 0,
    throttledSecondsPerSecond: 0,
    nrPeriodsTotal: 10,
    nrThrottledTotal: 0
  },
  memory: {
    currentBytes: 90 * MIB,
    peakBytes: 120 * MIB,
    peakFrom: 'kernel',
    workingSetBytes: 70 * MIB,
    anonBytes: 50 * MIB,
    fileBytes: 30 * MIB,
    kernelBytes: 8 * MIB,
    shmemBytes: 0,
    activeFileBytes: 10 * MIB,
    inactiveFileBytes: 20 * MIB,
    swapCurrentBytes: 0,
    shareOfLimit: 0.35,
    limitHitsTotal: 0
  },
  pids: { current: 14, peak: 20, limitHitsTotal: 0, shareOfLimit: 0.11 },
  pressure: {
    cpu: { someShare: 0.12, fullShare: 0.1 },
    memory: { someShare: 0, fullShare: 0 },
    io: { someShare: 0, fullShare: 0 }
  },
  restarts: 0,
  oomKills: 0,
  firstSeenAt: '2026-01-01T00:00:00.000Z'
}
