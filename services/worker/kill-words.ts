import type { OomEvidence } from '#cgroup/oom-cause.ts'
import { peakName, type Peak } from '#cgroup/peak.ts'

/**
 * What is known about the kill of a job's process: that there was one, by the count, and whose limit it was for, if the
 * counts say so.
 */
export function killWords (oom: OomEvidence, peak: Peak): string {
  const counts = oom.ooms === null ? `oom_kill +${oom.kills}` : `oom_kill +${oom.kills}, oom +${oom.ooms}`
  return `the kernel's OOM killer ended the job's process (${counts})${at(peak)}; ${reasonOf(oom)}`
}

function at ({ bytes, from }: Peak): string {
  if (bytes === null) return ''
  return from === 'kernel' ? ` at ${sized(bytes)}` : `, ${peakName(from)} ${sized(bytes)}`
}

function reasonOf (oom: OomEvidence): string {
  switch (oom.cause) {
    case 'own_limit': return oom.limit === 'max' ? 'a memory limit inside the container was reached' : `the container reached its own memory limit${named(oom)}`
    case 'not_own_limit': return `${absolved(oom)}: a limit above it, or the machine, ran out`
    case 'not_counted': return doubt(oom)
  }
}

/** Page cache alone can reach a limit without a kill. */
function absolved (oom: OomEvidence): string {
  if (oom.limit === 'max') return 'the container has no limit of its own'
  return `the container's own limit${named(oom, ',')} was not ${oom.isLimitMet ? 'the reason' : 'reached'}`
}

function doubt (oom: OomEvidence): string {
  if (oom.ooms !== null) return `not every one of these kills was for the container's own limit${named(oom)}`
  const kernel = oom.version === 'v2' ? 'this kernel' : 'cgroup v1'
  return `${kernel} does not count whether the container's own limit${named(oom, ',')} or one above it was the reason`
}

function named ({ limit }: OomEvidence, end = ''): string {
  return typeof limit === 'number' ? `, ${sized(limit)}${end}` : ''
}

function sized (bytes: number): string {
  const gib = bytes / 2 ** 30
  return gib >= 1 && Number.isInteger(gib) ? `${gib} GiB` : `${Math.round(bytes / 2 ** 20)} MiB`
}
