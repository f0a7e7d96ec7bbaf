import type { ContainerLimits } from '#shared/limits/change.ts'

export interface Container { id: string, service: string }

/** Whoever makes the limits of containers: an engine, or the program that wrote them to their cgroups. */
export interface Containers {
  /** Those that are stopped may be included: their limits can be put back as well. */
  list: () => Promise<Container[]>
  /**
   * @param now what the kernel says, or `null` for a container that does not run
   * @throws UpdateFailed
   */
  update: (id: string, to: ContainerLimits, now: ContainerLimits | null) => Promise<void>
}

/** An update was refused, or nobody answered. The message says by whom. */
export class UpdateFailed extends Error {
  override name = 'UpdateFailed'
  readonly isRefused: boolean

  constructor (message: string, isRefused: boolean) {
    super(message)
    this.isRefused = isRefused
  }
}
