import { monotonicUs } from '#cgroup/derived.ts'
import { unknownCpu, unknownLimits, unknownMemory } from '#cgroup/reading.ts'
import type { Log } from '#shared/process/log.ts'
import type { OwnContainer } from '#shared/process/own-container.ts'
import type { UsageReading } from './usage.ts'

/**
 * Reads what a job's usage is computed from. A job must not fail because the worker cannot read its own files, or has
 * none: then only its duration is measured.
 */
export function usageReader (own: Pick<OwnContainer, 'read'>, log: Log): () => UsageReading {
  let isFailing = false
  return () => {
    try {
      const reading = own.read('core')
      isFailing = false
      return reading ?? unmeasured()
    } catch (err) {
      if (!isFailing) log.warn({ err }, 'cannot read this container; the usage of jobs is not measured')
      isFailing = true
      return unmeasured()
    }
  }
}

function unmeasured (): UsageReading {
  return { monotonicUs: monotonicUs(), version: null, limits: unknownLimits, cpu: unknownCpu, memory: unknownMemory }
}
