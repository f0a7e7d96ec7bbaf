import { kernelName } from '#lab/experiments/series.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { EndedJob, Evidence } from './evidence.ts'

/**
 * When a container's only process is killed, the container ends, and the kernel's count goes with its cgroup. The lab
 * knows of the kill from its last reading, from the cgroup above (v2) or from the host's count (v1). Its event says
 * which.
 */
export function killedAsAWhole (evidence: Evidence, service: string): Check {
  const kills = evidence.events.filter(event => event.kind === 'oom_kill' && event.service === service)
  const counted = kills.find(({ oom }) => oom !== null && oom.kills > 0)
  return {
    claim: `the kernel kills a process in ${service}`,
    source: `${service}: ${kernelName('oomKill', evidence.recording.cgroupVersion)}, as the lab recorded it`,
    saw: (counted ?? kills[0])?.text ?? 'no kill',
    // A death at the limit without a count may have been a kill.
    holds: counted !== undefined ? true : kills.length > 0 ? null : false
  }
}

/** The service's own limit was the reason. No check where the kernel does not count that, as on cgroup v1. */
export function killedForOwnLimit (evidence: Evidence, service: string): Check[] {
  const known = evidence.events.filter(
    ({ service: of, oom }) => of === service && (oom?.cause === 'own_limit' || oom?.cause === 'not_own_limit')
  )
  const other = known.find(({ oom }) => oom!.cause === 'not_own_limit')
  if (known.length === 0) return []
  return [{
    claim: `the kernel kills because of the ${service}'s own limit`,
    source: `${service}: ${kernelName('oom', evidence.recording.cgroupVersion)}`,
    saw: (other ?? known[0]!).text,
    holds: other === undefined
  }]
}

export function startedAgain (evidence: Evidence, service: string): Check {
  const { lives } = evidence.of(service)
  return {
    claim: `the container of ${service} ends and is started again`,
    source: `${service}: inode of the cgroup`,
    saw: lives === 0 ? 'not measured' : lives === 1 ? 'the same throughout' : `${lives} one after the other`,
    holds: lives === 0 ? null : lives > 1
  }
}

/** `null` in `jobs`: it was accepted, and the API no longer knows it. */
export function noneLost (jobs: Array<Pick<EndedJob, 'status'> | null>): Check {
  const counts = new Map<string, number>()
  for (const job of jobs) {
    const status = job?.status ?? 'not known'
    counts.set(status, (counts.get(status) ?? 0) + 1)
  }
  return {
    claim: 'every job that was accepted runs and succeeds',
    source: 'GET /jobs/{id}',
    saw: `of ${jobs.length}: ${[...counts].map(([status, count]) => `${count} ${status}`).join(', ')}`,
    holds: jobs.length === 0 ? null : counts.get('succeeded') === jobs.length
  }
}
