import type { Cgroup } from '#cgroup/cgroup.ts'
import { listContainers } from '#cgroup/containers.ts'
import { cgroupAt } from '#cgroup/locate.ts'
import type { CpuMax, Limits, Reading } from '#cgroup/reading.ts'
import type { ContainerLimits, LimitValue } from '#shared/limits/change.ts'

/** What the kernel says of one container. */
export interface KernelState {
  limits: ContainerLimits
  /** What it uses and the kernel cannot take back. */
  inUse: { memoryBytes: number, pids: number }
}

/** The kernel's own files, which say what is allowed and used whatever the engine believes. */
export class Kernel {
  readonly #root: string

  constructor (root: string) { this.#root = root }

  /** `null`: the container does not run, or the kernel does not say all that is needed. */
  stateOf (id: string): KernelState | null {
    const container = listContainers(this.#root).find(container => container.id === id)
    return container === undefined ? null : readState(cgroupAt(this.#root, container.path))
  }
}

/** Reads it once, and closes it. `null`: it is gone, or the kernel does not say all that is needed. */
export function readState (cgroup: Cgroup): KernelState | null {
  try {
    const reading = cgroup.read(null, 'shown')
    return reading && kernelState(reading)
  } finally {
    cgroup.close()
  }
}

/** `null`: a controller is missing. */
export function kernelState ({ limits, memory, pids }: Reading): KernelState | null {
  const memoryBytes = limits.memoryMaxBytes
  const pidsMax = limits.pidsMax
  const { currentBytes, activeFileBytes, inactiveFileBytes } = memory
  if (memoryBytes === null || pidsMax === null || limits.cpuMax === null) return null
  if (currentBytes === null || pids.current === null) return null
  return {
    limits: {
      memoryBytes,
      memoryAndSwapBytes: memoryAndSwap(limits),
      cpus: cpusOf(limits.cpuMax),
      pids: pidsMax
    },
    inUse: {
      memoryBytes: Math.max(0, currentBytes - (activeFileBytes ?? 0) - (inactiveFileBytes ?? 0)),
      pids: pids.current
    }
  }
}

/** Where the kernel does not count swap, the engine sets no limit for it. */
function memoryAndSwap ({ memoryMaxBytes, swapMaxBytes }: Limits): LimitValue {
  return typeof memoryMaxBytes === 'number' && typeof swapMaxBytes === 'number' ? memoryMaxBytes + swapMaxBytes : 'max'
}

function cpusOf ({ quotaUs, periodUs }: CpuMax): LimitValue {
  return quotaUs === 'max' ? 'max' : quotaUs / periodUs
}
