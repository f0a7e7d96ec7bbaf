/** What a container's memory is made of. Pure. */
import type { ContainerView } from '#lab/wire/live.ts'

type Memory = ContainerView['memory']

/**
 * The parts add up to `memory.current`; where they overshoot it (the kernel's statistics lag), the rest is negative.
 */
export interface MemoryParts {
  anonBytes: number
  fileBytes: number
  kernelBytes: number
  restBytes: number
}

/** `null` where the kernel does not tell the parts. An unknown kernel share is counted in the rest. */
export function memoryParts ({ currentBytes, anonBytes, fileBytes, kernelBytes }: Memory): MemoryParts | null {
  if (currentBytes === null || anonBytes === null || fileBytes === null) return null
  const kernel = kernelBytes ?? 0
  return { anonBytes, fileBytes, kernelBytes: kernel, restBytes: currentBytes - anonBytes - fileBytes - kernel }
}

export interface ReconciliationRow {
  /** The kernel's or the tool's own name, or ours. */
  name: string
  sign: '' | '+' | '−' | '='
  bytes: number | null
  sentence: string
  isTotal: boolean
}

export function reconcile (memory: Memory): ReconciliationRow[] {
  const parts = memoryParts(memory)
  const row = (sign: ReconciliationRow['sign'], name: string, bytes: number | null, sentence: string): ReconciliationRow =>
    ({ sign, name, bytes, sentence, isTotal: sign === '=' })
  return [
    row('', 'anon', memory.anonBytes, 'Anonymous memory: heaps, stacks, buffers. Without swap it leaves only when the program frees it, or is killed.'),
    row('+', 'file', memory.fileBytes, 'Page cache: files read and written, tmpfs too. The kernel takes the idle part back before it kills anybody.'),
    row('+', 'kernel', memory.kernelBytes, 'What the kernel keeps for this container: page tables, stacks of threads, slab, sockets.'),
    row('+', 'the rest', parts && parts.restBytes, 'Charged in batches and counted at different moments, so it may be below zero.'),
    row('=', 'memory.current', memory.currentBytes, 'What is held against the limit.'),
    row('−', 'inactive_file', memory.inactiveFileBytes, 'Page cache not used lately: the first to be taken back.'),
    row('=', 'working set', memory.workingSetBytes, 'What is hard to take back. Close to the limit, the next allocation may kill.'),
    row('=', 'docker stats', memory.workingSetBytes, 'Shows the working set and calls it memory usage: current − inactive_file.')
  ]
}
