/** A change of the limits of one service's containers while they run: what the lab asks, and what comes back. */
import * as z from 'zod'

/** The engine takes no less (`docker update --memory`). */
const LEAST_MEMORY_BYTES = 6 * 1024 * 1024
/** The engine takes no less (`docker update --cpus`). */
const LEAST_CPUS = 0.01
/** `PID_MAX_LIMIT` of Linux on 64 bits. */
const MOST_PIDS = 4_194_304

/** What the machine has, beyond which a limit limits nothing. */
export interface MachineSize { memoryBytes: number, cpus: number }

/** The values of a change. A limit that is left out stays as it is; `null` puts it back as it was before any change. */
export interface LimitChange {
  service: string
  memoryBytes?: number | null | undefined
  cpus?: number | null | undefined
  pids?: number | null | undefined
  /** Changes it even if the container uses more than that now, which may kill its processes. */
  evenBelowUse?: boolean | undefined
}

/** `'max'`: there is no limit. */
export type LimitValue = number | 'max'

export interface ContainerLimits {
  memoryBytes: LimitValue
  /** Memory and swap together, as the engine counts. */
  memoryAndSwapBytes: LimitValue
  cpus: LimitValue
  pids: LimitValue
}

/** The limits of one service after a change. */
export interface ChangedLimits {
  service: string
  /** Full ids. */
  containers: string[]
  now: ContainerLimits
  before: ContainerLimits
  /** If nobody asks for the same again within this time, the limits are put back; `null`: they are as before. */
  leaseSeconds: number | null
}

/** @returns a schema whose messages say what is allowed on this machine */
export function changeSchema ({ memoryBytes, cpus }: MachineSize) {
  const between = (least: number, most: number, what: string): string => `expected ${what} from ${least} to ${most}, or null`
  const bounded = (schema: z.ZodNumber, least: number, most: number, what: string) => {
    const error = between(least, most, what)
    return schema.min(least, { error }).max(most, { error }).nullable().optional()
  }
  return z.strictObject({
    service: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/, 'expected the name of a service'),
    memoryBytes: bounded(z.int('expected whole bytes, or null'), LEAST_MEMORY_BYTES, memoryBytes, 'whole bytes'),
    cpus: bounded(z.number('expected a number of CPUs, or null'), LEAST_CPUS, cpus, 'a number of CPUs'),
    pids: bounded(z.int('expected a whole number of tasks, or null'), 1, MOST_PIDS, 'a whole number of tasks'),
    evenBelowUse: z.boolean('expected true or false').optional()
  })
}
