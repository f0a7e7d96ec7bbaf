/** What a container's memory is made of. Pure. */
import type { ContainerView } from '#lab/wire/live.ts'

type Memory = ContainerView['memory']

/**
 * The parts add up to `memory.current`. If the statistics lag behind it and the parts exceed it, the rest is negative.
 */
export interface MemoryParts {
  anonBytes: number
  fileBytes: number
  kernelBytes: number
  restBytes: number
}

/** `null` if the kernel does not report the parts. A kernel part that is not known is in the rest. */
export function memoryParts ({ currentBytes, anonBytes, fileBytes, kernelBytes }: Memory): MemoryParts | null {
  if (currentBytes === null || anonBytes === null || fileBytes === null) return null
  const kernel = kernelBytes ?? 0
  return { anonBytes, fileBytes, kernelBytes: kernel, restBytes: currentBytes - anonBytes - fileBytes - kernel }
}

export interface ReconciliationRow {
  /** The name in the kernel or the tool, otherwise our own. */
  name: string
  sign: '' | '+' | '−' | '='
  bytes: number | null
  sentence: string
  isTotal: boolean
}

function row (
  sign: ReconciliationRow['sign'], name: string, bytes: number | null, sentence: string
): ReconciliationRow {
  return { sign, name, bytes, sentence, isTotal: sign === '=' }
}

export function reconcile (memory: Memory): ReconciliationRow[] {
  const parts = memoryParts(memory)
  return [
    row('', 'anon', memory.anonBytes, 'Anonymous memory: heaps, stacks, buffers. Without swap it goes only when the program frees it or is killed.'),
    row('+', 'file', memory.fileBytes, 'Page cache: files read and written, also tmpfs. The kernel takes the idle part back before it kills a process.'),
    row('+', 'kernel', memory.kernelBytes, 'What the kernel keeps for this container: page tables, thread stacks, slab, sockets.'),
    row('+', 'the rest', parts && parts.restBytes, 'Memory is charged in batches and counted at different moments, so this may be below zero.'),
    row('=', 'memory.current', memory.currentBytes, 'What counts against the limit.'),
    row('−', 'inactive_file', memory.inactiveFileBytes, 'Page cache not used lately. The kernel takes it back first.'),
    row('=', 'working set', memory.workingSetBytes, 'What is hard to take back. When it is close to the limit, the next allocation may cause a kill.'),
    row('=', 'docker stats', memory.workingSetBytes, 'It shows the working set and calls it memory usage: current − inactive_file.')
  ]
}
