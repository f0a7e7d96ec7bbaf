/** The result may overshoot by this much: a request for 1 ms of CPU should cost about 1 ms. */
const SLICE_MS = 0.2

export interface Burnt { cpuMs: number, wallMs: number }

/**
 * Uses `ms` of this process's CPU time, however long that takes: under a CPU limit the wall time grows, the CPU time
 * does not. The kernel counts it for the whole process since `before`, so several threads that start from the same
 * `before` burn one common amount.
 */
export function burnCpu (ms: number, before = process.cpuUsage()): Burnt {
  const startedAt = performance.now()
  let cpuMs = 0
  while (cpuMs < ms) {
    spin(SLICE_MS)
    cpuMs = cpuMsSince(before)
  }
  return { cpuMs, wallMs: performance.now() - startedAt }
}

function cpuMsSince (before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** Asking the kernel costs CPU time too, so this is done once per slice and not once per iteration. */
function spin (ms: number): void {
  const until = performance.now() + ms
  let x = 1
  while (performance.now() < until) x = Math.imul(x, 48271) % 0x7fffffff
}
