import { unknownLimits } from '#cgroup/reading.ts'
import { recordedSeries, type RecordedContainer, type RecordedSeries, type Recording } from '#lab/wire/experiments.ts'

/** A container with a reading a second; series that are not given were not measured. */
export function containerWith (
  given: Partial<Record<RecordedSeries, Array<number | null>>>, life?: number[]
): RecordedContainer {
  const length = Math.max(...Object.values(given).map(values => values.length))
  const atSeconds = Array.from({ length }, (_none, i) => i)
  const series = Object.fromEntries(
    recordedSeries.map(name => [name, given[name] ?? atSeconds.map(() => null)])
  ) as RecordedContainer['series']
  return {
    service: 'worker',
    name: 'lab-worker-1',
    limits: unknownLimits,
    effective: null,
    atSeconds,
    life: life ?? atSeconds.map(() => 1),
    series
  }
}

export function recordingOf (...containers: RecordedContainer[]): Recording {
  const phases = [
    { name: 'baseline' as const, fromSeconds: 0, toSeconds: 1.5 },
    { name: 'action' as const, fromSeconds: 1.5, toSeconds: 3.5 },
    { name: 'recovery' as const, fromSeconds: 3.5, toSeconds: 5 }
  ]
  return { cgroupVersion: 'v2', phases, containers, events: [], health: [] }
}
