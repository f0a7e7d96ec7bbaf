import { WatchedContainer } from '#lab/observing/containers/watched.ts'
import { viewOf } from '#lab/observing/sampling/view.ts'
import type { ContainerView, Sample } from '#lab/wire/live.ts'
import { fullReading } from '#support/readings.ts'
import { FakeCgroup, foundOf, momentAt } from './fakes.ts'

const MIB = 2 ** 20

/** The view of a busy, throttled container. */
export function busyView (given: Partial<ContainerView> = {}): ContainerView {
  const cgroup = new FakeCgroup()
  const watched = new WatchedContainer(foundOf(), cgroup, momentAt(0))
  for (const ms of [0, 1000]) {
    cgroup.now = fullReading({
      inode: 1,
      monotonicUs: ms * 1000,
      cpu: { usageUs: ms * 500, nrPeriods: ms / 100, nrThrottled: ms / 200 },
      memory: { currentBytes: 128 * MIB, workingSetBytes: 64 * MIB, peakBytes: 200 * MIB },
      pids: { current: 12 }
    })
    watched.look(momentAt(ms), 'shown')
  }
  return { ...viewOf(watched, momentAt(1000)), ...given }
}

export function sampleOf (...containers: ContainerView[]): Sample {
  return { at: '2026-01-01T00:00:00.000Z', seq: 1, uptimeSeconds: 1, containers }
}
