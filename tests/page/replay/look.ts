/** What a lab would report about one container of the replay. */
import type { ContainerView } from '#lab/wire/live.ts'
import { HOST, MIB, STEP_SECONDS, type Model } from './model.ts'

export function gone (one: Model): ContainerView {
  return { ...look(one, 0, false), state: 'gone', limits: noLimits, effective: null, ...nothing() }
}

export function look (one: Model, seconds: number, hasPressure: boolean): ContainerView {
  const wanted = one.restCores * (0.4 + Math.random() * 1.3) + one.wantedCores
  const cores = Math.min(wanted, (one.cores ?? 8) * (0.985 + Math.random() * 0.03))
  const isThrottled = one.cores !== null && wanted > one.cores
  const share = isThrottled ? Math.min(1, 1 - one.cores! / wanted * (0.9 + Math.random() * 0.2)) : 0
  one.usageSeconds += cores * STEP_SECONDS
  one.periods += one.cores === null ? 0 : 2
  one.throttled += Math.round(share * 2)
  const anonBytes = Math.round(one.anonMib * MIB)
  const fileBytes = Math.round(one.fileMib * MIB)
  const kernelBytes = Math.round((4.2 + one.tasks * 0.11) * MIB)
  const currentBytes = anonBytes + fileBytes + kernelBytes + Math.round(0.6 * MIB)
  const inactiveFileBytes = Math.round(fileBytes * 0.62)
  one.peakBytes = Math.max(one.peakBytes, currentBytes)
  const pids = Math.min(one.pids ?? 1e9, one.tasks + one.wantedTasks)
  const isNear = isNearLimit(currentBytes - inactiveFileBytes, one.memoryBytes) || isNearLimit(pids, one.pids)
  return {
    id: one.id,
    service: one.service,
    name: one.name,
    number: one.number,
    state: stateOf(one, seconds, isNear, isThrottled),
    limits: {
      ...noLimits,
      cpuMax: { quotaUs: one.cores === null ? 'max' : one.cores * 100_000, periodUs: 100_000 },
      memoryMaxBytes: one.memoryBytes ?? 'max',
      pidsMax: one.pids ?? 'max'
    },
    effective: {
      cpuCores: one.cores === null ? { cores: HOST.cpus, from: 'host' } : { cores: one.cores, from: 'own' },
      memory:
        one.memoryBytes === null ? { bytes: HOST.memoryBytes, from: 'host' } : { bytes: one.memoryBytes, from: 'own' },
      swap: { bytes: 0, from: 'own' },
      pids: one.pids === null ? null : { max: one.pids, from: 'own' }
    },
    cpu: {
      usageSecondsTotal: one.usageSeconds,
      cores,
      shareOfLimit: cores / (one.cores ?? HOST.cpus),
      throttling: one.cores === null ? 'not_measured' : isThrottled ? 'throttled' : 'not_throttled',
      throttledShare: one.cores === null ? null : share,
      throttledSecondsPerSecond: one.cores === null ? null : share * 0.5,
      nrPeriodsTotal: one.cores === null ? null : one.periods,
      nrThrottledTotal: one.cores === null ? null : one.throttled
    },
    memory: {
      currentBytes,
      peakBytes: one.peakBytes,
      peakFrom: 'kernel',
      workingSetBytes: currentBytes - inactiveFileBytes,
      anonBytes,
      fileBytes,
      kernelBytes,
      shmemBytes: 0,
      activeFileBytes: fileBytes - inactiveFileBytes,
      inactiveFileBytes,
      swapCurrentBytes: 0,
      shareOfLimit: currentBytes / (one.memoryBytes ?? HOST.memoryBytes),
      limitHitsTotal: 0
    },
    pids: { current: pids, peak: pids, limitHitsTotal: 0, shareOfLimit: one.pids === null ? null : pids / one.pids },
    pressure: hasPressure
      ? {
          cpu: pressure(share * 0.95 + Math.random() * 0.01),
          memory: pressure(isNear ? 0.2 + Math.random() * 0.2 : 0),
          io: pressure(Math.random() * 0.008)
        }
      : { cpu: null, memory: null, io: null },
    restarts: one.restarts,
    oomKills: one.oomKills,
    firstSeenAt: '2026-01-01T00:00:00.000Z'
  }
}

function isNearLimit (used: number, limit: number | null): boolean {
  return limit !== null && used > limit * 0.9
}

function stateOf (one: Model, seconds: number, isNear: boolean, isThrottled: boolean): ContainerView['state'] {
  if (one.restarts > 0 && seconds - one.backAt < 2) return 'restarting'
  if (seconds - one.killedAt < 4) return 'oom_killed'
  return isNear ? 'near_limit' : isThrottled ? 'throttled' : 'calm'
}

function pressure (someShare: number) {
  return { someShare, fullShare: someShare * 0.8 }
}

const noLimits: ContainerView['limits'] = {
  cpuMax: null,
  cpuWeight: null,
  cpuShares: null,
  cpusetCpus: null,
  memoryMaxBytes: null,
  memoryHighBytes: null,
  memoryLowBytes: null,
  swapMaxBytes: null,
  rawSwapMaxBytes: null,
  pidsMax: null
}

function nothing (): Pick<ContainerView, 'cpu' | 'memory' | 'pids'> {
  return {
    cpu: {
      usageSecondsTotal: null,
      cores: null,
      shareOfLimit: null,
      throttling: 'not_measured',
      throttledShare: null,
      throttledSecondsPerSecond: null,
      nrPeriodsTotal: null,
      nrThrottledTotal: null
    },
    memory: {
      currentBytes: null,
      peakBytes: null,
      peakFrom: null,
      workingSetBytes: null,
      anonBytes: null,
      fileBytes: null,
      kernelBytes: null,
      shmemBytes: null,
      activeFileBytes: null,
      inactiveFileBytes: null,
      swapCurrentBytes: null,
      shareOfLimit: null,
      limitHitsTotal: null
    },
    pids: { current: null, peak: null, limitHitsTotal: null, shareOfLimit: null }
  }
}
