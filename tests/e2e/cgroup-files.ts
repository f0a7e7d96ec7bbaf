import { onEngineHost } from './engine-host.ts'
import { inspect, type Service } from './stack.ts'

/** What the kernel's files say about a container, read from outside and without any code of the services. */
export interface CgroupFiles {
  memoryLimitBytes: number
  /** Swap alone. */
  swapLimitBytes: number
  cpuCores: number
  pidsLimit: number
  memoryBytes: number
  cpuSeconds: number
  throttledPeriods: number
  oomKills: number
  tasks: number
}

/** File name → text. */
type Files = Map<string, string>

/** All small files of a container's cgroup; on v1 those of each controller together. Their names do not collide. */
export async function cgroupFiles (service: Service): Promise<CgroupFiles> {
  const { Id } = await inspect(service)
  // cgroupfs calls it <id>, systemd docker-<id>.scope. Links, as v1 has from `cpu` to `cpu,cpuacct`, are not followed.
  const find = 'find /cgroup -maxdepth 8 -type d "(" -name "$1" -o -name "*-$1.scope" ")" -prune'
  const wanted = 'grep -E "/(memory|cpu|cpuacct|pids)\\.[a-z_.]+$"'
  const script = `for dir in $(${find}); do grep -Hs '' $(ls -d "$dir"/* | ${wanted}); done; true`
  const files = toFiles(await onEngineHost(script, Id))
  return files.has('memory.max') ? readV2(files) : readV1(files)
}

function toFiles (grepped: string): Files {
  const files: Files = new Map()
  for (const line of grepped.split('\n')) {
    const [, name, text] = /^\/cgroup\/.*\/([a-z_.]+):(.*)$/.exec(line) ?? []
    if (name !== undefined) files.set(name, `${files.get(name) ?? ''}${text}\n`)
  }
  return files
}

function readV2 (files: Files): CgroupFiles {
  const [quota, period] = whole(files, 'cpu.max').split(' ').map(Number)
  return {
    memoryLimitBytes: number(files, 'memory.max'),
    swapLimitBytes: number(files, 'memory.swap.max'),
    cpuCores: quota! / period!,
    pidsLimit: number(files, 'pids.max'),
    memoryBytes: number(files, 'memory.current'),
    cpuSeconds: keyed(files, 'cpu.stat', 'usage_usec') / 1e6,
    throttledPeriods: keyed(files, 'cpu.stat', 'nr_throttled'),
    oomKills: keyed(files, 'memory.events', 'oom_kill'),
    tasks: number(files, 'pids.current')
  }
}

function readV1 (files: Files): CgroupFiles {
  const memoryLimitBytes = number(files, 'memory.limit_in_bytes')
  return {
    memoryLimitBytes,
    swapLimitBytes: number(files, 'memory.memsw.limit_in_bytes') - memoryLimitBytes,
    cpuCores: number(files, 'cpu.cfs_quota_us') / number(files, 'cpu.cfs_period_us'),
    pidsLimit: number(files, 'pids.max'),
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

/** NaN, which equals nothing, where the kernel says `max`. */
function number (files: Files, name: string): number {
  return Number(whole(files, name))
}

function keyed (files: Files, name: string, key: string): number {
  const found = new RegExp(`^${key} (\\d+)$`, 'm').exec(whole(files, name))
  if (found === null) throw new Error(`${name} has no ${key}`)
  return Number(found[1])
}
