import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { controllerMounts, detectVersion } from '#cgroup/mounts.ts'

/**
 * The files of the core of a reading, which the lab reads with every sample. Files that do not exist here are left out.
 */
const v2Files = [
  'cpu.max',
  'memory.max',
  'pids.max',
  'cpu.stat',
  'memory.current',
  'memory.peak',
  'memory.stat',
  'memory.events',
  'pids.current',
  'cpu.pressure',
  'memory.pressure',
  'io.pressure'
]
const v1Files = {
  cpu: ['cpu.stat', 'cpu.cfs_quota_us'],
  cpuacct: ['cpuacct.usage'],
  memory: [
    'memory.limit_in_bytes',
    'memory.usage_in_bytes',
    'memory.stat',
    'memory.max_usage_in_bytes',
    'memory.memsw.max_usage_in_bytes',
    'memory.failcnt',
    'memory.oom_control'
  ],
  pids: ['pids.max', 'pids.current']
} as const
const pressureFiles = ['cpu.pressure', 'memory.pressure', 'io.pressure']

/**
 * The least that looking can cost: opens every file once, reads it once a second for `seconds`, and ignores the
 * content. Returns microseconds of CPU per container and look.
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
