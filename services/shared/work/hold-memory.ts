import { setTimeout as delay } from 'node:timers/promises'

const MIB = 1024 * 1024

/** Takes `mib` MiB outside V8's heap, keeps them for `holdMs`, and releases them. Rejects when `signal` aborts. */
export async function holdMemory (mib: number, holdMs: number, signal?: AbortSignal): Promise<void> {
  const held: Buffer[] = []
  for (let i = 0; i < mib; i++) {
    held.push(writtenMib())
    // Lets the process handle other requests in between: taking 256 MiB under half a CPU is seconds of work.
    if (i % 16 === 15) await delay(0, undefined, { signal })
  }
  await delay(holdMs, undefined, { signal })
  held.length = 0
}

/**
 * The kernel counts a page when it is first written, not when it is allocated: a page of zeros that was never written
 * is free.
 */
function writtenMib (): Buffer {
  return Buffer.alloc(MIB, 1)
}
