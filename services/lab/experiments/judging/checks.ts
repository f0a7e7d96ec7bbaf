import { kernelName } from '#lab/experiments/series.ts'
import type { Check, RecordedSeries } from '#lab/wire/experiments.ts'
import type { EndedJob, Evidence, ServiceReadings } from './evidence.ts'

/** A check on a number that may not have been measured. */
export function check (
  claim: string, source: string, value: number | null, holds: (value: number) => boolean, say: (value: number) => string
): Check {
  return value === null
    ? { claim, source, saw: 'not measured', holds: null }
    : { claim, source, saw: say(value), holds: holds(value) }
}

/** `worker: memory.events oom_kill` */
export function sourceOf ({ service, version }: ServiceReadings, series: Parameters<typeof kernelName>[0]): string {
  return `${service}: ${kernelName(series, version)}`
}

/** From the start of the action to the end of the run: a counter may be read some time after what it counts. */
export function wholeRun (evidence: Evidence): readonly [number, number] {
  return [evidence.window('action')[0], evidence.window('recovery')[1]]
}

/** This is what a limit is for: no other service is killed, restarted or unreachable. */
export function neighboursUntouched (evidence: Evidence, ...touched: string[]): Check[] {
  const others = evidence.services.filter(service => !touched.includes(service))
  return [
    noKills(evidence, others),
    oneLife(evidence, others),
    alwaysAnswered(
      evidence,
      others.filter(service => service !== 'lab')
    )
  ]
}

export function noKills (evidence: Evidence, services: string[]): Check {
  const kills = services.map(service => evidence.of(service).rise('oomKill', wholeRun(evidence)))
  const sum = kills.includes(null) ? null : kills.reduce<number>((sum, count) => sum + count!, 0)
  const source = `${services.join(', ')}: ${kernelName('oomKill', evidence.recording.cgroupVersion)}`
  const claim = services.length === 1 ? `no process is killed in the ${services[0]}` : 'no process is killed in the other services'
  return check(claim, source, sum, count => count === 0, count => `+${count}`)
}

export function oneLife (evidence: Evidence, services: string[]): Check {
  const restarted = services.filter(service => evidence.of(service).lives > 1)
  const unseen = services.some(service => evidence.of(service).lives === 0)
  return {
    claim: services.length === 1 ? `${services[0]} is not restarted` : 'no other service is restarted',
    source: `${services.join(', ')}: inode of the cgroup`,
    saw: restarted.length === 0 ? 'the same throughout' : `another one: ${restarted.join(', ')}`,
    holds: restarted.length > 0 ? false : unseen ? null : true
  }
}

/** One late answer on a busy machine does not mean that a service is away; two in a row do. */
function alwaysAnswered ({ recording: { health } }: Evidence, services: string[]): Check {
  const isAway = (service: string): boolean =>
    health.some(({ down }, i) => down.includes(service) && health[i + 1]?.down.includes(service))
  const away = services.filter(isAway)
  return {
    claim: 'the other services answer all the time',
    source: `${services.join(', ')}: health, once a second`,
    saw: away.length === 0 ? `none failed twice in a row in ${health.length} checks` : `away: ${away.join(', ')}`,
    holds: health.length === 0 ? null : away.length === 0
  }
}

/** A total rose by at least `atLeast` over the run. */
export function rose (
  evidence: Evidence, readings: ServiceReadings, series: RecordedSeries, claim: string, atLeast: number
): Check {
  const rise = readings.rise(series, wholeRun(evidence))
  return check(claim, sourceOf(readings, series), rise, count => count >= atLeast, count => `+${count}`)
}

export function succeeded ({ status, error }: EndedJob, claim = 'the job succeeds'): Check {
  return { claim, source: 'GET /jobs/{id}', saw: error?.code ?? status, holds: status === 'succeeded' }
}
