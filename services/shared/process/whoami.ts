import { readFileSync, readlinkSync } from 'node:fs'
import * as os from 'node:os'
import { getHeapStatistics } from 'node:v8'
import { ownAddresses } from './identity.ts'
import { rootFileSystem, type RootFileSystem } from './root-file-system.ts'

const namespaces = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts'] as const

/** What a container sees of itself: a part of `GET /whoami`, and all that a store reports (scripts/write-whoami.sh). */
export interface SelfView {
  hostname: string
  pid1: string | null
  /** `pid` → `pid:[4026532456]`; `null`: this kernel has no such namespace. */
  namespaces: Record<string, string | null>
  addresses: string[]
  osRelease: string | null
  root: RootFileSystem | null
  bootId: string | null
  uname: { release: string, version: string }
  believes: { cpus: number | null, totalMemoryBytes: number | null }
}

export type Whoami = ReturnType<typeof whoami>

/**
 * The identity of this process, and what it believes about the machine. Compared with the cgroup's files, the second
 * half shows where belief and limit differ: `cpus` and `totalMemoryBytes` are the host's.
 */
export function whoami () {
  return {
    hostname: os.hostname(),
    pid: process.pid,
    ppid: process.ppid,
    /** The process with the number 1 in this pid namespace. */
    pid1: firstLine('/proc/1/comm'),
    user: { uid: process.getuid?.() ?? null, gid: process.getgid?.() ?? null },
    namespaces: Object.fromEntries(namespaces.map(name => [name, namespaceOf(name)])),
    addresses: ownAddresses(),
    /** From the image; the kernel is the host's. */
    osRelease: osRelease(),
    root: rootFileSystem(),
    /** The kernel generates this when it boots. */
    bootId: firstLine('/proc/sys/kernel/random/boot_id'),
    uname: { system: os.type(), release: os.release(), version: os.version(), machine: os.machine() },
    node: process.version,
    believes: {
      cpus: os.cpus().length,
      availableParallelism: os.availableParallelism(),
      totalMemoryBytes: os.totalmem(),
      constrainedMemoryBytes: constrainedMemory(),
      heapLimitBytes: getHeapStatistics().heap_size_limit
    }
  }
}

/**
 * `pid:[4026532456]`: two processes with the same number share the namespace. `null`: this kernel has no such
 * namespace.
 */
function namespaceOf (name: string): string | null {
  try {
    return readlinkSync(`/proc/self/ns/${name}`)
  } catch {
    return null
  }
}

/** `Debian GNU/Linux 13 (trixie)`. os-release(5). */
function osRelease (): string | null {
  return /^PRETTY_NAME="?(.*?)"?$/m.exec(read('/etc/os-release') ?? '')?.[1] ?? null
}

function firstLine (path: string): string | null {
  return read(path)?.split('\n')[0] ?? null
}

function read (path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

/** Node says 0 for "unknown" and about 2^64 for "no limit"; neither is a number of bytes. */
function constrainedMemory (): number | 'max' | null {
  const bytes = process.constrainedMemory()
  if (!bytes) return null
  return bytes > Number.MAX_SAFE_INTEGER ? 'max' : bytes
}
