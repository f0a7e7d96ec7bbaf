import type { Service } from './stack.ts'

export const MIB = 1024 * 1024

/** The limits of each container by design. */
export const limits: Record<Service, { cpuCores: number, memoryBytes: number, pids: number }> = {
  api: { cpuCores: 0.5, memoryBytes: 256 * MIB, pids: 128 },
  worker: { cpuCores: 0.5, memoryBytes: 256 * MIB, pids: 128 },
  lab: { cpuCores: 1, memoryBytes: 256 * MIB, pids: 128 },
  postgres: { cpuCores: 0.5, memoryBytes: 256 * MIB, pids: 128 },
  redis: { cpuCores: 0.25, memoryBytes: 128 * MIB, pids: 64 }
}
