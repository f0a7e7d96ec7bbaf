import { kernelName } from '#lab/experiments/series.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { EndedJob, Evidence } from './evidence.ts'

/**
 * What is left when a container's only process was the victim: the container ends, and its cgroup with the kernel's
 * count. The lab knows from what it read last, from the cgroup above (v2), or from the host's count (v1), and its event
 * says from which.
 */
export function killedAsAWhole (evidence: Evidence, service: string): Check {
  const kills = evidence.events.filter(event => event.kind === 'oom_kill' && event.service === service)
  const counted = kills.find(({ oom }) => oom !== null && oom.kills > 0)
  return {
    claim: `the kernel kills in ${service}`,
    source: `${service}: ${kernelName('oomKill', evidence.recording.cgroupVersion)}, as the lab kept it`,
    saw: (counted ?? kills[0])?.text ?? 'no kill',
    // A death at the limit that nobody counted may have been a kill.
    holds: counted !== undefined ? true : kills.length > 0 ? null : false
  }
}

/** For whose limit, if the kernel counts that: where it does not, as on cgroup v1, nothing is claimed. */
export function killedForOwnLimit (evidence: Evidence, service: string): Check[] {
  const told = evidence.events.filter(event => event.service === service && (event.oom?.cause === 'own_limit' || event.oom?.cause === 'not_own_limit'))
  const other = told.find(({ oom }) => oom!.cause === 'not_own_limit')
  if (told.length === 0) return []
  return [{
    claim: `the kernel kills for the limit of the ${service} itself`,
    source: `${service}: ${kernelName('oom', evidence.recording.cgroupVersion)}`,
    saw: (other ?? told[0]!).text,
    holds: other === undefined
  }]
}

export function startedAgain (evidence: Evidence, service: string): Check {
  const { lives } = evidence.of(service)
  return {
    claim: `the container of ${service} ends and is started again`,
    source: `${service}: inode of the cgroup`,
    saw: lives === 0 ? 'not measured' : lives === 1 ? 'the same all along' : `${lives} one after the other`,
    holds: lives === 0 ? null : lives > 1
  }
}

/** `null` in `jobs`: accepted, and not known any more. */
export function noneLost (jobs: Array<Pick<EndedJob, 'status'> | null>): Check {
  const counts = new Map<string, number>()
  for (const job of jobs) counts.set(job?.status ?? 'not known', (counts.get(job?.status ?? 'not known') ?? 0) + 1)
  return {
    claim: 'every job that was accepted runs and succeeds',
    source: 'GET /jobs/{id}',
    saw: `of ${jobs.length}: ${[...counts].map(([status, count]) => `${count} ${status}`).join(', ')}`,
    holds: jobs.length === 0 ? null : counts.get('succeeded') === jobs.length
  }
}
