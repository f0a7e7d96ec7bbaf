import { kernelName } from '#lab/experiments/series.ts'
import type { Check, RecordedSeries } from '#lab/wire/experiments.ts'
import type { EndedJob, Evidence, ServiceReadings } from './evidence.ts'

/** A check on a number that may not have been measured. */
export function check (claim: string, source: string, value: number | null, holds: (value: number) => boolean, say: (value: number) => string): Check {
  return { claim, source, saw: value === null ? 'not measured' : say(value), holds: value === null ? null : holds(value) }
}

/** `worker: memory.events oom_kill` */
export function sourceOf ({ service, version }: ServiceReadings, series: Parameters<typeof kernelName>[0]): string {
  return `${service}: ${kernelName(series, version)}`
}

/** From before the action to the end of the run: counters may be read a moment after what they count. */
export function wholeRun (evidence: Evidence): readonly [number, number] {
  return [evidence.window('action')[0], evidence.window('recovery')[1]]
}

/** What a limit is for: the others' counters, lives and answers are what they were. */
export function neighboursUntouched (evidence: Evidence, ...touched: string[]): Check[] {
  const others = evidence.services.filter(service => !touched.includes(service))
  return [noKills(evidence, others), oneLife(evidence, others), alwaysAnswered(evidence, others.filter(service => service !== 'lab'))]
}

export function noKills (evidence: Evidence, services: string[]): Check {
  const kills = services.map(service => evidence.of(service).rise('oomKill', wholeRun(evidence)))
  const sum = kills.includes(null) ? null : kills.reduce<number>((sum, count) => sum + count!, 0)
  const source = `${services.join(', ')}: ${kernelName('oomKill', evidence.recording.cgroupVersion)}`
  const claim = services.length === 1 ? `nobody is killed in the ${services[0]}` : 'nobody else is killed'
  return check(claim, source, sum, count => count === 0, count => `+${count}`)
}

export function oneLife (evidence: Evidence, services: string[]): Check {
  const restarted = services.filter(service => evidence.of(service).lives > 1)
  const unseen = services.some(service => evidence.of(service).lives === 0)
  return {
    claim: services.length === 1 ? `${services[0]} is not restarted` : 'nobody else is restarted',
    source: `${services.join(', ')}: inode of the cgroup`,
    saw: restarted.length === 0 ? 'the same all along' : `another one: ${restarted.join(', ')}`,
    holds: restarted.length > 0 ? false : unseen ? null : true
  }
}

/** One answer that took too long on a busy machine is no absence; a second one right after it is. */
function alwaysAnswered ({ recording: { health } }: Evidence, services: string[]): Check {
  const away = services.filter(service => health.some(({ down }, i) => down.includes(service) && health[i + 1]?.down.includes(service)))
  return {
    claim: 'the others answer all the time',
    source: `${services.join(', ')}: health, once a second`,
    saw: away.length === 0 ? `in ${health.length} looks never away twice in a row` : `away meanwhile: ${away.join(', ')}`,
    holds: health.length === 0 ? null : away.length === 0
  }
}

/** `0 → 1` for a total over the run. */
export function rose (evidence: Evidence, track: ServiceReadings, series: RecordedSeries, claim: string, atLeast: number): Check {
  const rise = track.rise(series, wholeRun(evidence))
  return check(claim, sourceOf(track, series), rise, count => count >= atLeast, count => `+${count}`)
}

export function succeeded ({ status, error }: EndedJob, claim = 'the job succeeds'): Check {
  return { claim, source: 'GET /jobs/{id}', saw: error?.code ?? status, holds: status === 'succeeded' }
}
