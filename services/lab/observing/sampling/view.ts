import { peakOf } from '#cgroup/peak.ts'
import {
  pressureShare,
  rates,
  throttledShare,
  throttlingBetween,
  type PressureShares,
  type Rates
} from '#cgroup/rates.ts'
import { unknownLimits, type Reading } from '#cgroup/reading.ts'
import type { Moment } from '#lab/clock.ts'
import type { WatchedContainer } from '#lab/observing/containers/watched.ts'
import type { ContainerView } from '#lab/wire/live.ts'
import { stateOf } from './state.ts'

/** The container at this moment, from `newest`. While it is away, only its name, limits and counts are known. */
export function viewOf (watched: WatchedContainer, now: Moment, newest = watched.last): ContainerView {
  const { found, effective, isRestarted, tally } = watched
  const reading = watched.isAway ? null : newest
  const cpu = cpuView(watched, reading)
  const memory = memoryView(watched, reading)
  const pids = pidsView(watched, reading)
  const second = reading === null ? null : rates(watched.aSecondAgo(), reading)
  return {
    id: found.id,
    service: found.service,
    name: found.name,
    number: found.number,
    state: stateOf({
      awayForMs: ago(watched.endedMs, now),
      backForMs: isRestarted ? ago(watched.began?.monotonicMs ?? null, now) : null,
      oomKillAgoMs: ago(watched.lastOomKillMs, now),
      isEmpty: reading?.populated === false,
      memoryShare: share(memory.workingSetBytes, effective?.memory?.bytes),
      pidsShare: pids.shareOfLimit,
      throttling: cpu.throttling
    }),
    limits: newest?.limits ?? unknownLimits,
    effective,
    cpu: { ...cpu, ...cpuRates(second, effective?.cpuCores?.cores) },
    memory,
    pids,
    pressure: {
      cpu: shares(second?.pressure.cpu),
      memory: shares(second?.pressure.memory),
      io: shares(second?.pressure.io)
    },
    restarts: tally.restarts,
    oomKills: tally.oomKills,
    firstSeenAt: new Date(watched.firstSeenAtMs).toISOString()
  }
}

function cpuView (watched: WatchedContainer, reading: Reading | null) {
  const aSecondAgo = watched.aSecondAgo()
  const usageUs = reading?.cpu.usageUs ?? null
  return {
    usageSecondsTotal: usageUs === null ? null : usageUs / 1e6,
    throttling: reading === null ? 'not_measured' as const : throttlingBetween(aSecondAgo, reading),
    throttledShare: reading === null ? null : rounded(throttledShare(aSecondAgo, reading)),
    nrPeriodsTotal: reading?.cpu.nrPeriods ?? null,
    nrThrottledTotal: reading?.cpu.nrThrottled ?? null
  }
}

function cpuRates (second: Rates | null, limitCores: number | undefined) {
  return {
    cores: rounded(second?.cpuCores),
    shareOfLimit: share(second?.cpuCores ?? null, limitCores),
    throttledSecondsPerSecond: rounded(second?.throttledSecondsPerSecond)
  }
}

function memoryView ({ effective, highestBytes }: WatchedContainer, reading: Reading | null): ContainerView['memory'] {
  const memory = reading?.memory
  const peak = peakOf(memory?.peakBytes ?? null, memory === undefined ? null : highestBytes)
  return {
    currentBytes: memory?.currentBytes ?? null,
    peakBytes: peak.bytes,
    peakFrom: peak.from,
    workingSetBytes: memory?.workingSetBytes ?? null,
    anonBytes: memory?.anonBytes ?? null,
    fileBytes: memory?.fileBytes ?? null,
    kernelBytes: memory?.kernelBytes ?? null,
    shmemBytes: memory?.shmemBytes ?? null,
    activeFileBytes: memory?.activeFileBytes ?? null,
    inactiveFileBytes: memory?.inactiveFileBytes ?? null,
    swapCurrentBytes: memory?.swapCurrentBytes ?? null,
    shareOfLimit: share(memory?.currentBytes ?? null, effective?.memory?.bytes),
    limitHitsTotal: memory?.events.max ?? null
  }
}

function pidsView ({ effective }: WatchedContainer, reading: Reading | null): ContainerView['pids'] {
  const pids = reading?.pids
  return {
    current: pids?.current ?? null,
    peak: pids?.peak ?? null,
    limitHitsTotal: pids?.limitHits ?? null,
    shareOfLimit: share(pids?.current ?? null, effective?.pids?.max)
  }
}

function shares (pressure: PressureShares | null | undefined): PressureShares | null {
  if (!pressure) return null
  return {
    someShare: rounded(pressureShare(pressure.someShare)),
    fullShare: rounded(pressureShare(pressure.fullShare))
  }
}

function share (value: number | null, limit: number | undefined): number | null {
  return value === null || limit === undefined || limit === 0 ? null : rounded(value / limit)
}

/** More digits than people can see would only add bytes to every stream. */
function rounded (value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : Math.round(value * 1e5) / 1e5
}

function ago (ms: number | null, now: Moment): number | null {
  return ms === null ? null : now.monotonicMs - ms
}
