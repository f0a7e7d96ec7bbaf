import { cpus } from 'node:os'
import type { Cgroup } from '#cgroup/cgroup.ts'
import { over, rise } from '#cgroup/counters.ts'
import { throttledShare } from '#cgroup/rates.ts'
import type { Reading } from '#cgroup/reading.ts'
import { cgroupOf } from './service-cgroup.ts'

/** `throttledShare`: of the periods in which the service wanted CPU, those in which its limit stopped it. */
export interface Spent { cpuMs: number | null, throttledShare: number | null }

/** What was spent while something was done. `othersCpus`: how many CPUs everything else on the host used meanwhile. */
export interface Done<Service extends string, T> {
  result: T
  spent: Record<Service, Spent>
  othersCpus: number | null
}

/** The CPU time of several services, and how often their limits stopped them, while something is done. */
export class ServiceCpu<Service extends string> {
  readonly #cgroups: Array<[Service, Cgroup]>

  private constructor (cgroups: Array<[Service, Cgroup]>) { this.#cgroups = cgroups }

  static async open<Name extends string> (project: string, services: readonly Name[]): Promise<ServiceCpu<Name>> {
    const open = async (service: Name): Promise<[Name, Cgroup]> => [service, await cgroupOf(project, service)]
    return new ServiceCpu(await Promise.all(services.map(open)))
  }

  /** Does something, and returns its result with what each service spent in the meantime. */
  async during<T> (act: () => Promise<T>): Promise<Done<Service, T>> {
    const [startedMs, busyMs, before] = [performance.now(), hostBusyMs(), this.#read()]
    const result = await act()
    const [after, hostMs, elapsedMs] = [this.#read(), hostBusyMs() - busyMs, performance.now() - startedMs]
    const spent = this.#cgroups.map(([service], i): [Service, Spent] => [service, spentBetween(before[i]!, after[i]!)])
    const ownMs = sumOfKnown(spent.map(([, { cpuMs }]) => cpuMs))
    const othersCpus = ownMs === null ? null : Math.max(0, hostMs - ownMs) / elapsedMs
    return { result, spent: Object.fromEntries(spent) as Record<Service, Spent>, othersCpus }
  }

  close (): void {
    for (const [, cgroup] of this.#cgroups) cgroup.close()
  }

  #read (): Reading[] {
    return this.#cgroups.map(([service, cgroup]) => {
      const reading = cgroup.read()
      if (reading === null) throw new Error(`the container of ${service} has gone`)
      return reading
    })
  }
}

/** @throws if the container was restarted: what it spent before is not known */
function spentBetween (before: Reading, after: Reading): Spent {
  if (before.inode !== after.inode) throw new Error('a container was restarted during a measurement')
  return {
    cpuMs: over(rise(before.cpu.usageUs, after.cpu.usageUs), 1000),
    throttledShare: throttledShare(before, after)
  }
}

/** `null` if one of them is. */
export function sumOfKnown (values: Array<number | null>): number | null {
  return values.reduce((sum: number | null, value) => sum === null || value === null ? null : sum + value, 0)
}

/** The CPU time that the whole host has used so far, in ticks of 10 ms. */
function hostBusyMs (): number {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0)
}
