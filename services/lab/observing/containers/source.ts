import { hierarchyOf, type Container } from '#cgroup/containers.ts'
import { detectVersion } from '#cgroup/mounts.ts'
import type { CgroupVersion } from '#cgroup/reading.ts'
import type { Log } from '#shared/process/log.ts'
import { ClosedDirectories } from './closed-directories.ts'
import { engineDns, onlyOwn } from './engine-dns.ts'
import { LookUp, type Who } from './look-up.ts'
import { NamedCgroups } from './named-cgroups.ts'
import { ownNetworks } from './own-networks.ts'
import { Tree } from './tree.ts'

/** Where containers are found, and who says which is which. */
export interface Source {
  list: () => Container[]
  /** `null`: not one of ours. Rejects where nobody can say. */
  who: (id: string) => Promise<Who | null>
}

interface Settings {
  cgroupRoot: string
  /** As `LAB_CGROUP`. */
  cgroup: string
  services: string[]
  project: string
}

/**
 * `null`: there is no tree of cgroups to be seen, or an engine made an empty directory where it should have mounted
 * one. Nothing is measured then, and jobs, loads and the page work without; the log says why.
 */
export function versionOf (root: string, log: Log): CgroupVersion | null {
  try {
    hierarchyOf(root)
    return detectVersion(root)
  } catch (err) {
    log.warn({ reason: (err as Error).message }, 'no cgroups are seen, so nothing is measured')
    return null
  }
}

/** `null`: there are no cgroups that belong to the services. */
export function sourceOf ({ cgroupRoot, cgroup, services, project }: Settings, version: CgroupVersion | null, log: Log): Source | null {
  if (version === null || cgroup === 'none') return null
  const closed = new ClosedDirectories(log)
  const nowMs = () => performance.now()
  if (cgroup !== '') return new NamedCgroups(cgroupRoot, cgroup, services, met => closed.tell(met))
  const tree = new Tree(cgroupRoot, nowMs, met => closed.tell(met))
  const lookUp = new LookUp(onlyOwn(engineDns(), ownNetworks), services, project, nowMs)
  return { list: () => tree.list(), who: id => lookUp.who(id) }
}
