import type { Limit } from '#cgroup/reading.ts'

/** For verdicts, which people read. */
export function mib (bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`
}

export function limitMib (limit: Limit): string {
  return limit === null ? 'a limit nobody tells' : limit === 'max' ? 'max' : mib(limit)
}

export function percent (share: number): string {
  return `${Math.round(share * 100)} %`
}

export function cpus (cores: number): string {
  return `${cores.toFixed(2)} CPU`
}

export function limitCpus (limit: Limit): string {
  return limit === null ? 'a limit nobody tells' : limit === 'max' ? 'max' : cpus(limit)
}

export function ms (milliseconds: number): string {
  return milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : `${Math.round(milliseconds)} ms`
}

export function seconds (seconds: number): string {
  return `${seconds.toFixed(1)} s`
}
