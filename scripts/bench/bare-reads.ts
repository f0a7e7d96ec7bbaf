import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { controllerMounts, detectVersion } from '../../services/cgroup/mounts.ts'

/** The files a reading is made of, by controller; those this host lacks are left out. */
const v2Files = ['cpu.max', 'cpu.weight', 'cpuset.cpus.effective', 'memory.max', 'memory.high', 'memory.low', 'memory.swap.max', 'pids.max',
  'cpu.stat', 'memory.current', 'memory.peak', 'memory.stat', 'memory.swap.current', 'memory.events', 'pids.current', 'pids.peak', 'pids.events',
  'cgroup.procs', 'io.stat', 'cpu.pressure', 'memory.pressure', 'io.pressure']
const v1Files = {
  cpu: ['cpu.stat', 'cpu.shares', 'cpu.cfs_period_us', 'cpu.cfs_quota_us'],
  cpuacct: ['cpuacct.usage', 'cpuacct.stat'],
  cpuset: ['cpuset.effective_cpus'],
  memory: ['memory.limit_in_bytes', 'memory.memsw.limit_in_bytes', 'memory.soft_limit_in_bytes', 'memory.usage_in_bytes', 'memory.stat',
    'memory.max_usage_in_bytes', 'memory.kmem.usage_in_bytes', 'memory.oom_control', 'memory.failcnt'],
  pids: ['pids.max', 'pids.current', 'pids.peak', 'pids.events'],
  blkio: ['blkio.throttle.io_service_bytes_recursive', 'blkio.throttle.io_serviced_recursive']
} as const
const pressureFiles = ['cpu.pressure', 'memory.pressure', 'io.pressure']

/**
 * The least that looking can cost: every file opened once and read once a second for `seconds`, and nothing made of it.
 * Microseconds of CPU per container and look.
 */
export async function bareReads (root: string, paths: string[], seconds: number): Promise<number> {
  const descriptors = paths.flatMap(path => filesOf(root, path)).filter(existsSync).map(file => openSync(file, 'r'))
  const buffer = Buffer.allocUnsafeSlow(65_536)
  let us = 0
  for (let second = 0; second < seconds; second++) {
    const before = process.cpuUsage()
    for (const descriptor of descriptors) readSync(descriptor, buffer, 0, buffer.length, 0)
    const { user, system } = process.cpuUsage(before)
    us += user + system
    await delay(1000)
  }
  for (const descriptor of descriptors) closeSync(descriptor)
  return us / seconds / paths.length
}

function filesOf (root: string, path: string): string[] {
  if (detectVersion(root) === 'v2') return v2Files.map(file => join(root, path, file))
  const mounts = controllerMounts(root)
  const files = Object.entries(v1Files).flatMap(([controller, files]) =>
    files.map(file => join(mounts.get(controller as keyof typeof v1Files) ?? join(root, controller), path, file)))
  return [...files, ...pressureFiles.map(file => join(root, 'unified', path, file))]
}
