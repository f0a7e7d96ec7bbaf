import { readFileSync } from 'node:fs'
import type { Phase, RecordedContainer, RecordedSeries, Run } from '#lab/wire/experiments.ts'

/** One container in a run that was recorded on a real host. */
export interface Recorded {
  container: RecordedContainer
  /** When a phase began, and when it ended. */
  phase: (name: Phase) => { fromSeconds: number, toSeconds: number }
}

/** @throws Error if the run does not have the container */
export function recorded (run: string, service: string): Recorded {
  const { recording } = JSON.parse(readFileSync(`tests/fixtures/runs/${run}.json`, 'utf8')) as Run
  const container = recording?.containers.find(container => container.service === service)
  if (container === undefined) throw new Error(`${run} has no recording of ${service}`)
  return {
    container,
    phase: name => {
      const phase = recording!.phases.find(phase => phase.name === name)
      if (phase === undefined) throw new Error(`${run} has no phase ${name}`)
      return phase
    }
  }
}

/** @throws Error if the value was not measured: a picture does not show what was not measured */
export function valueAt ({ series, service }: RecordedContainer, name: RecordedSeries, index: number): number {
  const value = series[name][index]
  if (value == null) throw new Error(`${name} of ${service} was not measured at sample ${index}`)
  return value
}
