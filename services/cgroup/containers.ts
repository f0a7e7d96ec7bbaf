/**
 * Which cgroups are containers. Every engine puts the 64 hex digits of the id into the name of the directory:
 *
 *     /docker/<id>                                           Docker, cgroupfs driver
 *     /system.slice/docker-<id>.scope                        Docker, systemd driver
 *     /machine.slice/libpod-<id>.scope/container             Podman
 *     /kubepods.slice/…/cri-containerd-<id>.scope            Kubernetes
 *     /…/kubepods-pod<uid>.slice:cri-containerd:<id>         containerd under systemd, old spelling
 */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { controllerMounts, detectVersion } from './mounts.ts'
import { readMounts, readOwnPaths } from './proc.ts'
import { subdirectories, type OnClosed } from './walk.ts'

export interface Container {
  /** 64 hex digits. */
  id: string
  /** Below the root, for `cgroupAt`. */
  path: string
}

const name = /^(?:(?:docker|cri-containerd|crio|libpod|nerdctl)-)?([0-9a-f]{64})(?:\.scope)?$/

/**
 * The id of the innermost container in a path, or `null`. It ignores names that only look like one: `libpod-conmon-…`,
 * `….mount`.
 */
export function containerIdOf (path: string): string | null {
  return path.split('/').map(idOfName).findLast(id => id !== null) ?? null
}

function idOfName (segment: string): string | null {
  return name.exec(segment.slice(segment.lastIndexOf(':') + 1))?.[1] ?? null
}

/**
 * All containers under a root, in the order of the walk. On v1 one controller is walked. Directories inside containers
 * are walked too, because an engine may run inside one.
 *
 * The walk skips directories that may not be entered, and calls `onClosed` with each of them. A host on which another
 * user is logged in has one: that user's systemd made it under that user's umask.
 */
export function listContainers (root: string, onClosed: OnClosed = () => {}): Container[] {
  const found = new Map<string, Container>()
  collect(hierarchyOf(root), '/', found, onClosed)
  return [...found.values()]
}

/** The directory that `listContainers` walks: the root itself on v2, one controller's directory on v1. */
export function hierarchyOf (root: string): string {
  if (detectVersion(root) === 'v2') return root
  const mounts = controllerMounts(root)
  return mounts.get('memory') ?? mounts.get('pids') ?? mounts.values().next().value!
}

function collect (top: string, path: string, found: Map<string, Container>, onClosed: OnClosed): void {
  for (const segment of subdirectories(join(top, path), onClosed)) {
    const below = join(path, segment)
    const id = idOfName(segment)
    // The same id may occur again further down (Docker Desktop on WSL2). It replaces the outer one, because that is
    // where the processes are.
    if (id !== null) found.set(id, { id, path: below })
    if (hasSubdirectories(join(top, below))) collect(top, below, found, onClosed)
  }
}

/**
 * Asks for the number of links, a tenth of the cost of listing some eighty files: 2 means none, 1 means that the file
 * system does not count. Where even that is refused (the directory above can be listed but not entered), listing it
 * will find out.
 */
function hasSubdirectories (path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.nlink !== 2
  } catch {
    return true
  }
}

/**
 * The id of the container this process runs in: 64 hex digits where the engine's mounts over /etc/hostname or the
 * cgroup path show it, otherwise the 12 digits of the host name, and `null` if nothing looks like a container.
 */
export function ownContainerId ({ proc = '/proc' }: { proc?: string } = {}): string | null {
  return idOfMounts(proc) ?? idOfCgroup(proc) ?? idOfHostname(proc)
}

const engineFiles = new Set(['/etc/hostname', '/etc/hosts', '/etc/resolv.conf'])

function idOfMounts (proc: string): string | null {
  for (const { root, point } of readMounts(proc)) {
    const id = engineFiles.has(point) ? /containers\/([0-9a-f]{64})\//.exec(root)?.[1] : undefined
    if (id !== undefined) return id
  }
  return null
}

function idOfCgroup (proc: string): string | null {
  return [...readOwnPaths(proc).values()].map(containerIdOf).find(id => id !== null) ?? null
}

function idOfHostname (proc: string): string | null {
  const hostname = readFileSync(join(proc, 'sys/kernel/hostname'), 'utf8').trim()
  return /^[0-9a-f]{12}$/.test(hostname) ? hostname : null
}
