import { setTimeout as delay } from 'node:timers/promises'
import type { JobParams, JobResult } from '#shared/jobs/job.ts'
import { holdMemory } from '#shared/work/hold-memory.ts'

/** Takes `mib` MiB and keeps them for `holdMs`: outside V8's heap, or (`heap`) inside it. */
export async function memory ({ mib, holdMs, heap }: JobParams['memory']): Promise<JobResult> {
  await (heap ? holdHeap(mib, holdMs) : holdMemory(mib, holdMs))
  return { mib }
}

const DOUBLES_PER_MIB = 1024 * 1024 / 8

async function holdHeap (mib: number, holdMs: number): Promise<void> {
  const held: number[][] = []
  for (let i = 0; i < mib; i++) {
    // Fractions: V8 keeps an array of them as plain doubles, eight bytes each, in its own heap.
    held.push(new Array<number>(DOUBLES_PER_MIB).fill(i + 0.5))
  }
  await delay(holdMs)
  held.length = 0
}
