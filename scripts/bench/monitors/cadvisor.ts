import { askJson, type Monitor, type TimeSpan } from './monitor.ts'

/** What can be switched off by the same words in all versions since 0.38: CPU and memory remain. */
const otherMetrics = ['advtcp', 'cpu_topology', 'disk', 'diskIO', 'hugetlb', 'memory_numa', 'network', 'percpu',
  'process', 'referenced_memory', 'resctrl', 'sched', 'tcp', 'udp']

/**
 * cAdvisor for Docker's containers only. It waits between one and two intervals at random, so it reads a container less
 * than once a second.
 */
export const cadvisor: Monitor = {
  name: 'cAdvisor',
  binary: 'cadvisor',
  image: 'ghcr.io/google/cadvisor:v0.57.0',
  source: 'github.com/google/cadvisor/releases, or the package cadvisor of Debian 11',
  prepare: ({ port }) => [
    '--listen_ip=127.0.0.1',
    `--port=${port}`,
    '--docker_only=true',
    '--disable_root_cgroup_stats=true',
    '--store_container_labels=false',
    '--housekeeping_interval=1s',
    '--max_housekeeping_interval=1s',
    '--allow_dynamic_housekeeping=false',
    `--disable_metrics=${otherMetrics.join(',')}`
  ],
  readings: async (origin, time) =>
    countReadings(await askJson<Containers>(`${origin}/api/v1.3/docker/`, { method: 'POST', body: everything }), time)
}

/** Otherwise it sends the last sixty readings. */
const everything = JSON.stringify({ num_stats: -1 })

/** By the path of the cgroup. */
export type Containers = Record<string, { stats?: { timestamp: string }[] }>

export function countReadings (containers: Containers, { fromMs, toMs }: TimeSpan): Map<string, number> {
  const isInTime = ({ timestamp }: { timestamp: string }): boolean =>
    Date.parse(timestamp) >= fromMs && Date.parse(timestamp) < toMs
  return new Map(Object.entries(containers).map(([path, { stats = [] }]) => [path, stats.filter(isInTime).length]))
}
