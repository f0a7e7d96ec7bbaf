import type { Reading } from '#cgroup/reading.ts'

type Deep<T> = T extends Array<unknown> | string | number | null ? T : { [K in keyof T]?: Deep<T[K]> }

/** A reading in which every value but `given` is missing. */
export function readingOf (given: Deep<Reading> = {}): Reading {
  return merged(emptyReading(), given) as Reading
}

/** A reading in which no value is missing, and no two counters are equal. */
export function fullReading (given: Deep<Reading> = {}): Reading {
  return merged(completeReading(), given) as Reading
}

function emptyReading (): Reading {
  const { cpu, memory, pids, limits } = completeReading()
  return {
    takenAtMs: 1_700_000_000_000,
    monotonicUs: 0,
    version: 'v2',
    inode: 1,
    populated: null,
    limits: nulls(limits),
    cpu: nulls(cpu),
    memory: { ...nulls({ ...memory, events: null }), events: nulls(memory.events) } as Reading['memory'],
    pids: nulls(pids),
    io: null,
    pressure: { cpu: null, memory: null, io: null }
  }
}

function completeReading (): Reading {
  const line = (totalUs: number) => ({ avg10Percent: 1, avg60Percent: 2, avg300Percent: 3, totalUs })
  return {
    takenAtMs: 1_700_000_000_000,
    monotonicUs: 5_000_000,
    version: 'v2',
    inode: 7,
    populated: true,
    limits: {
      cpuMax: { quotaUs: 50_000, periodUs: 100_000 },
      cpuWeight: 100,
      cpuShares: null,
      cpusetCpus: 2,
      memoryMaxBytes: 268_435_456,
      memoryHighBytes: 'max',
      memoryLowBytes: 0,
      swapMaxBytes: 0,
      rawSwapMaxBytes: 0,
      pidsMax: 128
    },
    cpu: {
      usageUs: 3_500_000,
      userUs: 2_000_000,
      systemUs: 1_500_000,
      nrPeriods: 40,
      nrThrottled: 30,
      throttledUs: 900_000,
      nrBursts: 2,
      burstUs: 10_000
    },
    memory: {
      currentBytes: 101,
      peakBytes: 102,
      memswPeakBytes: 117,
      workingSetBytes: 103,
      swapCurrentBytes: 104,
      anonBytes: 105,
      fileBytes: 106,
      fileMappedBytes: 107,
      fileDirtyBytes: 108,
      fileWritebackBytes: 109,
      shmemBytes: 110,
      kernelBytes: 111,
      slabBytes: 112,
      activeFileBytes: 113,
      inactiveFileBytes: 114,
      pgfault: 115,
      pgmajfault: 116,
      refaults: 12,
      events: { low: 1, high: 2, max: 3, oom: 4, oomKill: 5, oomGroupKill: 6 }
    },
    pids: { current: 11, peak: 13, limitHits: 1, processes: 3 },
    io: [{ major: 8, minor: 0, readBytes: 4096, writeBytes: 8192, readOps: 1, writeOps: 2, discardBytes: 0 }],
    pressure: {
      cpu: { some: line(1_000_000), full: line(500_000) },
      memory: { some: line(2_000_000), full: line(250_000) },
      io: { some: line(3_000_000), full: line(125_000) }
    }
  }
}

function nulls<T extends object> (of: T): T {
  return Object.fromEntries(Object.keys(of).map(key => [key, null])) as T
}

function merged (base: object, given: object): object {
  const isPlain = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  const entries = Object.entries(given).map(([key, value]) => {
    const old = (base as Record<string, unknown>)[key]
    return [key, isPlain(value) && isPlain(old) ? merged(old, value) : value]
  })
  return { ...base, ...Object.fromEntries(entries) }
}
