/** The charts of the live view. A chapter of the tutorial may show one of them for one service. */
import type { ChartSpec } from '#lab/web/charts/chart.ts'
import { bytes, cores, share, tasks } from '#lab/web/charts/scales.ts'
import { cpuLimit, memoryLimit, pidsLimit } from '#lab/web/container-words.ts'

export interface LiveChartSpec extends ChartSpec {
  /** How a chapter names it. */
  name: string
  isWide: boolean
  /** The experiment whose chapter explains it. */
  about: string
}

export const chartSpecs: LiveChartSpec[] = [
  {
    ...bytes,
    name: 'memory',
    about: 'memory-limit',
    title: 'Memory',
    sentence: 'Memory charged to each container, against its limit.',
    series: 'memoryBytes',
    limitOf: memoryLimit,
    emptyText: 'not measured: no memory controller',
    isWide: true
  },
  {
    ...cores,
    name: 'cpu',
    about: 'cpu-limit',
    title: 'CPU',
    sentence: 'CPUs used by each container, against its limit.',
    series: 'cpuCores',
    limitOf: cpuLimit,
    emptyText: 'not measured: no cpu controller',
    isWide: true
  },
  {
    ...share,
    name: 'throttled',
    about: 'cpu-limit',
    title: 'Throttled periods',
    sentence: 'Share of the periods in which each container was stopped because its CPU quota was used up.',
    series: 'throttledShare',
    limitOf: null,
    emptyText: 'not measured: no container has a CPU quota, or none ran',
    isWide: false
  },
  {
    ...share,
    name: 'pressure',
    about: 'noisy-neighbour',
    title: 'Pressure',
    sentence: 'Share of time in which at least one task of each container waited for the resource.',
    series: 'cpuPressureShare',
    limitOf: null,
    emptyText: 'not measured: this kernel reports no pressure for these containers',
    isWide: false
  },
  {
    ...tasks,
    name: 'pids',
    about: 'pids-limit',
    title: 'Tasks (pids)',
    sentence: 'Processes and threads of each container, against its limit.',
    series: 'pids',
    limitOf: pidsLimit,
    emptyText: 'not measured: no pids controller',
    isWide: false
  }
]
