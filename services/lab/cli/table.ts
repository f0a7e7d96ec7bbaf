import type { ContainerView, Sample } from '#lab/wire/live.ts'
import { bytes, cores, count, NOTHING, percent } from './format.ts'
import { layOut } from './rows.ts'

interface Column {
  title: string
  cell: (container: ContainerView) => string
  isText?: boolean
}

/** Each limit is the effective one: the smallest of the container's own, its ancestors' and the host's. */
const columns: Column[] = [
  { title: 'NAME', cell: c => c.name, isText: true },
  { title: 'STATE', cell: c => c.state.replaceAll('_', ' '), isText: true },
  { title: 'CPU / LIMIT', cell: c => `${cores(c.cpu.cores)} / ${cores(c.effective?.cpuCores?.cores)}` },
  { title: 'CPU %', cell: c => percent(c.cpu.shareOfLimit) },
  { title: 'THROTTLED', cell: throttled },
  { title: 'MEM / LIMIT', cell: c => `${bytes(c.memory.currentBytes)} / ${bytes(c.effective?.memory?.bytes)}` },
  { title: 'MEM %', cell: c => percent(c.memory.shareOfLimit) },
  { title: 'PEAK', cell: peak },
  { title: 'PIDS / LIMIT', cell: c => `${count(c.pids.current)} / ${count(c.effective?.pids?.max)}` },
  { title: 'PSI CPU', cell: c => percent(c.pressure.cpu?.someShare) },
  { title: 'PSI MEM', cell: c => percent(c.pressure.memory?.someShare) },
  { title: 'PSI IO', cell: c => percent(c.pressure.io?.someShare) },
  { title: 'OOM', cell: c => count(c.oomKills) },
  { title: 'RESTARTS', cell: c => count(c.restarts) }
]

/** `seen`: the kernel keeps none. */
function peak ({ memory: { peakBytes, peakFrom } }: ContainerView): string {
  return `${bytes(peakBytes)}${peakFrom === 'samples' ? ' seen' : ''}`
}

/** Three answers, never two. */
function throttled ({ cpu }: ContainerView): string {
  if (cpu.throttling === 'not_measured') return NOTHING
  return cpu.throttling === 'throttled' ? percent(cpu.throttledShare) : 'no'
}

export function tableOf ({ containers }: Sample): string {
  if (containers.length === 0) return 'No container is seen: none runs, or there are no cgroups to see them by. Then nothing is measured.\n'
  const rows = [columns.map(({ title }) => title), ...containers.map(container => columns.map(({ cell }) => cell(container)))]
  return layOut(rows, i => columns[i]!.isText === true)
}
