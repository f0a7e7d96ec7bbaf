import { onEngineHost } from './engine-host.ts'
import { inspect, type Service } from './stack.ts'

export interface CgroupLimits {
  memoryLimitBytes: number
  /** Swap alone. */
  swapLimitBytes: number
  cpuCores: number
  pidsLimit: number
}

export interface CgroupUsage {
  memoryBytes: number
  cpuSeconds: number
  throttledPeriods: number
  oomKills: number
  tasks: number
}

/** What the kernel's files say about a container, read from outside and without any code of the services. */
export interface CgroupFiles extends CgroupLimits, CgroupUsage {}

/** The text of each file, by its name. */
export type Files = Map<string, string>

/**
 * The paths of all small files of a container's cgroup; on v1 those of each controller together. Their names do not
 * collide, because the unified hierarchy of a hybrid host is left out. cgroupfs calls the directory <id>, systemd
 * docker-<id>.scope. Links, as v1 has from `cpu` to `cpu,cpuacct`, are not followed.
 */
const LIST = `
  find /cgroup -maxdepth 8 -path /cgroup/unified -prune -o -type d "(" -name "$1" -o -name "*-$1.scope" ")" -print -prune |
  while read -r dir; do ls -d "$dir"/*; done | grep -E "/(memory|cpu|cpuacct|pids)\\.[a-z_.]+$"`

export async function cgroupFiles (service: Service): Promise<CgroupFiles> {
  const { Id } = await inspect(service)
  const files = toFiles(await onEngineHost(`grep -Hs '' $(${LIST}); true`, Id))
  return { ...(isV2(files) ? limitsV2(files) : limitsV1(files)), ...usageOf(files) }
}

const usageFiles = /\/(memory\.(current|events|usage_in_bytes|oom_control)|cpu\.stat|cpuacct\.usage|pids\.current)$/

/** The files that `usageOf` needs. */
export async function usagePaths (id: string): Promise<string[]> {
  return (await onEngineHost(LIST, id)).trim().split('\n').filter(path => usageFiles.test(path))
}

export function usageOf (files: Files): CgroupUsage {
  return isV2(files) ? usageV2(files) : usageV1(files)
}

function isV2 (files: Files): boolean {
  return files.has('memory.current')
}

function toFiles (grepped: string): Files {
  const files: Files = new Map()
  for (const line of grepped.split('\n')) {
    const [, name, text] = /^\/cgroup\/.*\/([a-z_.]+):(.*)$/.exec(line) ?? []
    if (name !== undefined) files.set(name, `${files.get(name) ?? ''}${text}\n`)
  }
  return files
}

function limitsV2 (files: Files): CgroupLimits {
  const [quota, period] = whole(files, 'cpu.max').split(' ').map(Number)
  return {
    memoryLimitBytes: number(files, 'memory.max'),
    swapLimitBytes: number(files, 'memory.swap.max'),
    cpuCores: quota! / period!,
    pidsLimit: number(files, 'pids.max')
  }
}

function usageV2 (files: Files): CgroupUsage {
  return {
    memoryBytes: number(files, 'memory.current'),
    cpuSeconds: keyed(files, 'cpu.stat', 'usage_usec') / 1e6,
    throttledPeriods: keyed(files, 'cpu.stat', 'nr_throttled'),
    oomKills: keyed(files, 'memory.events', 'oom_kill'),
    tasks: number(files, 'pids.current')
  }
}

function limitsV1 (files: Files): CgroupLimits {
  const memoryLimitBytes = number(files, 'memory.limit_in_bytes')
  return {
    memoryLimitBytes,
    swapLimitBytes: number(files, 'memory.memsw.limit_in_bytes') - memoryLimitBytes,
    cpuCores: number(files, 'cpu.cfs_quota_us') / number(files, 'cpu.cfs_period_us'),
    pidsLimit: number(files, 'pids.max')
  }
}

function usageV1 (files: Files): CgroupUsage {
  return {
    memoryBytes: number(files, 'memory.usage_in_bytes'),
    cpuSeconds: number(files, 'cpuacct.usage') / 1e9,
    throttledPeriods: keyed(files, 'cpu.stat', 'nr_throttled'),
    oomKills: keyed(files, 'memory.oom_control', 'oom_kill'),
    tasks: number(files, 'pids.current')
  }
}

function whole (files: Files, name: string): string {
  const text = files.get(name)
  if (text === undefined) throw new Error(`the container's cgroup has no ${name}, only ${[...files.keys()].join(', ')}`)
  return text.trim()
}

/** NaN, which equals nothing, if the kernel says `max`. */
function number (files: Files, name: string): number {
  return Number(whole(files, name))
}

function keyed (files: Files, name: string, key: string): number {
  const found = new RegExp(`^${key} (\\d+)$`, 'm').exec(whole(files, name))
  if (found === null) throw new Error(`${name} has no ${key}`)
  return Number(found[1])
}
