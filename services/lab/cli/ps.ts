import { setTimeout as pause } from 'node:timers/promises'
import { formatBytes, formatCores, formatCount, formatLimitBytes, formatShare, NOTHING, plain } from '#lab/format.ts'
import type { ContainerView, Sample } from '#lab/wire/live.ts'
import { askLab } from './ask.ts'
import { readOptions, type Command, type Terminal } from './command.ts'
import { layOut } from './rows.ts'

export const psCommand: Command = {
  name: 'ps',
  synopsis: 'ps [--watch] [--json]',
  help: `
ps: shows what every container uses, and its limits
  --watch   again every second, until Ctrl-C
  --json    as JSON: one line for each sample, with units in the names`,
  run: async (args, { url, terminal, signal }) => {
    await ps(() => askLab<Sample>(`${url}/api/containers`), readPsOptions(args), terminal, signal)
    return 0
  }
}

export interface PsOptions { watch: boolean, json: boolean }

/** @throws UsageError */
export function readPsOptions (args: string[]): PsOptions {
  const options = { watch: { type: 'boolean', short: 'w' }, json: { type: 'boolean' } } as const
  const { watch = false, json = false } = readOptions(args, options).values
  return { watch, json }
}

const EVERY_MS = 1000
/** The cursor goes to the corner. Then each line is cleared as it is written over, so that nothing flickers. */
const HOME = '\x1b[H'
const REST_OF_LINE = '\x1b[K'
const REST_OF_SCREEN = '\x1b[J'

/** Prints what every container uses: once, or every second until `signal` is aborted. */
export async function ps (
  ask: () => Promise<Sample>, { watch, json }: PsOptions, terminal: Terminal, signal: AbortSignal
): Promise<void> {
  const print = (text: string) => terminal.print(watch && !json && terminal.isTerminal ? redrawn(text) : text)
  const render = (sample: Sample) => json ? `${JSON.stringify(sample)}\n` : tableOf(sample)
  print(render(await ask()))
  if (!watch) return
  while (await isStillWanted(signal)) print(render(await ask()))
}

function redrawn (text: string): string {
  return HOME + text.replaceAll('\n', `${REST_OF_LINE}\n`) + REST_OF_SCREEN
}

async function isStillWanted (signal: AbortSignal): Promise<boolean> {
  await pause(EVERY_MS, undefined, { signal }).catch(() => {})
  return !signal.aborted
}

interface Column {
  title: string
  cell: (container: ContainerView) => string
  isText?: boolean
}

/** Each limit is the effective one: the smallest of the container's own, its ancestors', and what the host has. */
const columns: Column[] = [
  { title: 'NAME', cell: c => c.name, isText: true },
  { title: 'STATE', cell: c => c.state.replaceAll('_', ' '), isText: true },
  { title: 'CPU / LIMIT', cell: c => of(formatCores(c.cpu.cores), formatCores(c.effective?.cpuCores?.cores), c.effective?.cpuCores) },
  { title: 'CPU %', cell: c => formatShare(c.cpu.shareOfLimit) },
  { title: 'THROTTLED', cell: throttled },
  { title: 'MEM / LIMIT', cell: c => of(formatBytes(c.memory.currentBytes), memoryBound(c), c.effective?.memory) },
  { title: 'MEM %', cell: c => formatShare(c.memory.shareOfLimit) },
  { title: 'PEAK', cell: peak },
  { title: 'PIDS / LIMIT', cell: c => of(formatCount(c.pids.current), formatCount(c.effective?.pids?.max), c.effective?.pids) },
  { title: 'PSI CPU', cell: c => formatShare(c.pressure.cpu?.someShare) },
  { title: 'PSI MEM', cell: c => formatShare(c.pressure.memory?.someShare) },
  { title: 'PSI IO', cell: c => formatShare(c.pressure.io?.someShare) },
  { title: 'OOM', cell: c => formatCount(c.oomKills) },
  { title: 'RESTARTS', cell: c => formatCount(c.restarts) }
]

/** A limit is a round number, and what the host has is not. */
function memoryBound ({ effective }: ContainerView): string {
  const memory = effective?.memory ?? null
  return memory?.from === 'host' ? formatBytes(memory.bytes) : formatLimitBytes(memory?.bytes)
}

/** `0.02 / 0.50`. What the host has is not a limit: `0.02 / none (host 4.00)`. */
function of (used: string, limit: string, bound: { from: string } | null | undefined): string {
  return `${used} / ${bound?.from === 'host' ? `none (host ${limit})` : limit}`
}

/** A peak that the kernel did not keep is `seen`: the highest usage that was read. */
function peak ({ memory: { peakBytes, peakFrom } }: ContainerView): string {
  return `${formatBytes(peakBytes)}${peakFrom === 'samples' ? ' seen' : ''}`
}

/** Three different answers, never two. */
function throttled ({ cpu }: ContainerView): string {
  if (cpu.throttling === 'not_measured') return NOTHING
  return cpu.throttling === 'throttled' ? formatShare(cpu.throttledShare) : 'no'
}

export function tableOf ({ containers }: Sample): string {
  if (containers.length === 0) {
    return 'No container was found: none is running, or the lab sees no cgroups, and then nothing is measured.\n'
  }
  const titles = columns.map(({ title }) => title)
  const lines = containers.map(container => columns.map(({ cell }) => cell(container)))
  return plain(layOut([titles, ...lines], i => columns[i]!.isText === true))
}
