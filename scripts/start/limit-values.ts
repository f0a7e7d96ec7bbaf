/**
 * Parses limits; `null` is no limit. A text means what it means to Compose, and a value that the engine or the kernel
 * would refuse is refused here, before anything runs. Messages follow the name of a setting: "WORKER_CPUS must be …".
 */

/** sched-bwc.rst: quota and period are at least 1 ms, and a period is 100 ms. The engine says the same. */
const MIN_CPUS = 0.01
/** The engine's own minimum. A Node process needs ten times as much. */
const MIN_BYTES = 6 * 1024 ** 2
/** PID_MAX_LIMIT on 64 bits, the most that pids.max accepts. include/linux/threads.h. */
const MAX_PIDS = 4_194_304
/** From this number of bytes on, cgroup v1 and v2 understand "no limit". */
const BYTES_WITHOUT_LIMIT = 2 ** 62

/** `0.5`, `.5`, `2`; 0 is no limit. @throws */
export function cpusIn (text: string): number | null {
  const cpus = /^\+?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN
  if (cpus === 0) return null
  if (cpus >= MIN_CPUS && Number.isFinite(cpus)) return cpus
  throw new Error(`must be a number of CPUs of at least ${MIN_CPUS} (1 ms of every 100 ms), or 0 for no limit, got ${JSON.stringify(text)}`)
}

const units = ['', 'k', 'm', 'g', 't', 'p']

/**
 * `256M`, `256MiB`, `1.5g`, `1048576`: all units are powers of 1024, whatever their spelling; 0 is no limit. @throws
 */
export function bytesIn (text: string): number | null {
  const match = /^(\d+\.?\d*|\.\d+) ?(?:([kmgtp])(?:i?b)?|b)?$/i.exec(text)
  const bytes =
    match === null ? NaN : Math.floor(Number(match[1]) * 1024 ** units.indexOf((match[2] ?? '').toLowerCase()))
  if (bytes === 0) return null
  if (bytes >= MIN_BYTES && bytes < BYTES_WITHOUT_LIMIT) return bytes
  throw new Error(`must be a size of at least 6m, such as 256M or 1.5g, or 0 for no limit, got ${JSON.stringify(text)}`)
}

/** `128`; 0 and -1 are no limit. @throws */
export function pidsIn (text: string): number | null {
  const pids = /^([+-]?\d{1,15})$/.test(text) ? Number(text) : NaN
  if (pids <= 0) return null
  if (pids <= MAX_PIDS) return pids
  throw new Error(`must be a whole number of at most ${MAX_PIDS} tasks, or -1 for no limit, got ${JSON.stringify(text)}`)
}
