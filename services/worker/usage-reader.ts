import { monotonicUs } from '#cgroup/derived.ts'
import { unknownCpu, unknownLimits, unknownMemory } from '#cgroup/reading.ts'
import type { Log } from '#shared/process/log.ts'
import type { OwnContainer } from '#shared/process/own-container.ts'
import type { UsageReading } from './usage.ts'

/**
 * What the usage of jobs is made from. A job is not lost because the worker cannot read its own files, or has none:
 * then nothing was measured of it but how long it took.
 */
export function usageReader (own: Pick<OwnContainer, 'read'>, log: Log): () => UsageReading {
  let isFailing = false
  return () => {
    try {
      const reading = own.read()
      isFailing = false
      return reading ?? unmeasured()
    } catch (err) {
      if (!isFailing) log.warn({ err }, 'cannot read the own container; usage of jobs is not measured')
      isFailing = true
      return unmeasured()
    }
  }
}

function unmeasured (): UsageReading {
  return { monotonicUs: monotonicUs(), version: null, limits: unknownLimits, cpu: unknownCpu, memory: unknownMemory }
}
