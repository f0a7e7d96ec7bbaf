import { hostname } from 'node:os'
import { hierarchyOf, type Container } from '#cgroup/containers.ts'
import { detectVersion } from '#cgroup/mounts.ts'
import type { CgroupVersion } from '#cgroup/reading.ts'
import { ownNetworks } from '#lab/own-networks.ts'
import type { Log } from '#shared/process/log.ts'
import { ClosedDirectories } from './closed-directories.ts'
import { engineDns, onlyOwn, type Dns } from './engine-dns.ts'
import { LookUp, type ContainerIdentity } from './look-up.ts'
import { NamedCgroups } from './named-cgroups.ts'
import { ProjectLookUp, type Project } from './project-look-up.ts'
import { Tree } from './tree.ts'

/** Lists containers, and says which is which. */
export interface ContainerSource {
  list: () => Container[]
  /** `null`: the container is not one of ours. Rejects where that cannot be found out. */
  identify: (id: string) => Promise<ContainerIdentity | null>
}

interface Settings {
  cgroupRoot: string
  /** As `LAB_CGROUP`. */
  cgroup: string
  services: string[]
  project: string
  /** The project to which the lab is attached; `null`: it watches its own stack. */
  attached: Project | null
}

/** What a test replaces. */
interface Surroundings { dns?: Dns | undefined, nowMs?: () => number }

/**
 * `null`: there is no tree of cgroups, or an engine made an empty directory where it should have mounted one. Then
 * nothing is measured, and the log says why; jobs, loads and the page work without it.
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
export function containerSource (
  { cgroupRoot, cgroup, services, project, attached }: Settings, version: CgroupVersion | null, log: Log,
  { dns = onlyOwn(engineDns(), ownNetworks), nowMs = () => performance.now() }: Surroundings = {}
): ContainerSource | null {
  if (version === null || cgroup === 'none') return null
  const closed = new ClosedDirectories(log)
  if (cgroup !== '') return new NamedCgroups(cgroupRoot, cgroup, services, met => closed.report(met))
  const tree = new Tree(cgroupRoot, nowMs, met => closed.report(met))
  // The engine makes the first digits of the id the host name, unless somebody sets another one.
  const lookUp = attached === null
    ? new LookUp(dns, services, project, nowMs)
    : new ProjectLookUp(dns, attached, hostname())
  return { list: () => tree.list(), identify: id => lookUp.identify(id) }
}
