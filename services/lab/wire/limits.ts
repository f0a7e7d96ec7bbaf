/** What the lab says about limits that were changed while containers run: GET /api/limits, and the event `limits`. */
import type { ContainerLimits, LimitChange } from '#shared/limits/change.ts'

export type { ContainerLimits, LimitValue } from '#shared/limits/change.ts'

/** The body of POST /api/limits. */
export type LimitRequest = LimitChange & {
  /** Puts it back after this time. Left out: it stays until somebody puts it back, or the lab ends. */
  forSeconds?: number | undefined
}

export interface LimitsView {
  /** Whether limits can be changed from here. If not, `docker update` in a terminal does it. */
  canChange: boolean
  /** By the names of the services. */
  changed: ChangedService[]
}

/** A service whose limits are not those of its definition. */
export interface ChangedService {
  service: string
  now: ContainerLimits
  before: ContainerLimits
  by: 'hand' | 'sweep' | 'experiment'
  changedAt: string
  /** When it will be put back by itself. */
  until: string | null
  /** Why the change could not be renewed the last time. It is put back if that goes on. */
  fault: string | null
}
