import { Track } from './track.ts'
import type { LabEvent } from '../wire.ts'
import type { Phase, Recording } from './wire.ts'

/** From and to, in seconds since the start of the run. */
export type Window = readonly [number, number]

/** A recording, as a judgement asks it. */
export class Evidence {
  readonly recording: Recording
  readonly #tracks = new Map<string, Track>()

  constructor (recording: Recording) {
    this.recording = recording
  }

  get services (): string[] {
    return [...new Set(this.recording.containers.map(({ service }) => service))]
  }

  get events (): LabEvent[] { return this.recording.events }

  /** Until when it was recorded, in seconds since the start of the run. */
  get seconds (): number { return this.recording.phases.at(-1)?.toSeconds ?? 0 }

  /** The readings of a service's container. */
  of (service: string): Track {
    let track = this.#tracks.get(service)
    if (track === undefined) this.#tracks.set(service, track = new Track(service, this.recording))
    return track
  }

  /** When a phase was; an empty window before the first reading where it was not. */
  window (name: Phase): Window {
    const phase = this.recording.phases.find(phase => phase.name === name)
    return phase === undefined ? [0, 0] : [phase.fromSeconds, phase.toSeconds]
  }
}
