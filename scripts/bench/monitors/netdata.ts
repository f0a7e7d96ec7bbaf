import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { detectVersion } from '#cgroup/mounts.ts'
import { askJson, type Monitor, type Setup, type TimeSpan } from './monitor.ts'

/** netdata with its plugin for cgroups and no other. Its history is in memory. */
export const netdata: Monitor = {
  name: 'netdata',
  binary: 'netdata',
  image: 'netdata/netdata:stable',
  source: 'the package netdata-core of Debian 12, or learn.netdata.cloud',
  prepare: setup => {
    const file = join(setup.directory, 'netdata.conf')
    writeFileSync(file, settings(setup, detectVersion('/sys/fs/cgroup') === 'v2'))
    return ['-D', '-c', file]
  },
  readings: async (origin, time) => {
    const { charts } = await askJson<Charts>(`${origin}/api/v1/charts`)
    const counts = new Map<string, number>()
    for (const id of memoryCharts(charts)) {
      counts.set(id, countReadings(await askJson<Data>(`${origin}/api/v1/data?${query(id, time)}`), time))
    }
    return counts
  }
}

export interface Charts { charts: Record<string, { context: string }> }

/** The first value of each row is its time in seconds. A gap is null. */
export interface Data { data: [number, ...(number | null)[]][] }

/** One chart for each container. Its id contains the path of the cgroup, because no script names the containers. */
export function memoryCharts (charts: Charts['charts']): string[] {
  return Object.entries(charts).filter(([, { context }]) => context === 'cgroup.mem_usage').map(([id]) => id)
}

/** netdata rounds the time that it is asked for, so that it may send a row more. */
export function countReadings ({ data }: Data, { fromMs, toMs }: TimeSpan): number {
  const isInTime = (seconds: number): boolean => seconds * 1000 >= fromMs && seconds * 1000 < toMs
  return data.filter(([seconds, ...values]) => isInTime(seconds) && values.some(value => value !== null)).length
}

function query (chart: string, { fromMs, toMs }: TimeSpan): URLSearchParams {
  const [after, before] = [fromMs, toMs].map(ms => String(Math.floor(ms / 1000)))
  return new URLSearchParams({ chart, after: after!, before: before!, format: 'json' })
}

const otherPlugins = ['proc', 'diskspace', 'timex', 'idlejitter', 'tc', 'slabinfo', 'apps', 'ebpf', 'go.d', 'charts.d',
  'python.d', 'perf', 'nfacct', 'fping', 'ioping', 'cups', 'freeipmi', 'debugfs', 'network-viewer', 'systemd-journal',
  'logs-management', 'profile', 'statsd', 'netdata monitoring', 'enable running new plugins']

/* What the lab does not read while it only watches. */
const otherFiles = ['cpuacct usage (per core CPU)', 'blkio bandwidth', 'blkio operations', 'blkio throttle bandwidth',
  'blkio throttle operations', 'blkio queued operations', 'blkio merged operations', 'systemd services']

/** An option that a version of netdata does not know, it ignores. */
export function settings ({ port, directory, user }: Setup, isV2: boolean): string {
  const data = join(directory, 'data')
  const sections: Record<string, Record<string, string | number>> = {
    global: { 'run as user': user },
    directories: { cache: data, lib: data, log: data, home: data, config: directory, 'stock config': directory },
    db: { mode: 'ram', 'update every': 1 },
    web: { 'bind to': `127.0.0.1:${port}` },
    logs: { access: 'none', debug: 'none' },
    health: { enabled: 'no' },
    ml: { enabled: 'no' },
    cloud: { enabled: 'no' },
    plugins: { cgroups: 'yes', ...off(otherPlugins) },
    'plugin:cgroups': {
      'update every': 1,
      // It would take the hierarchy without controllers of a hybrid host.
      'use unified cgroups': isV2 ? 'yes' : 'no',
      'enable by default cgroups matching': '!/docker/*/* !*.scope/* /docker/* */docker-*.scope',
      'run script to rename cgroups matching': '!*',
      'script to get cgroup network interfaces': '/bin/true',
      ...off(otherFiles.map(files => `enable ${files}`))
    }
  }
  return Object.entries(sections).map(([section, options]) =>
    `[${section}]\n${Object.entries(options).map(([option, value]) => `    ${option} = ${value}\n`).join('')}`).join('')
}

function off (options: string[]): Record<string, 'no'> {
  return Object.fromEntries(options.map(option => [option, 'no'] as const))
}
