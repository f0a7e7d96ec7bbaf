import { randomUUID } from 'node:crypto'
import { open, unlink, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobParams, JobResult } from '../../shared/job.ts'

const MIB = 1024 * 1024

/** How much may be unwritten at once: pages that wait for the disk cannot be reclaimed, and would make this a memory job. */
const SYNC_EVERY_MIB = 16

/** Writes a file of `mib` MiB and reads it back: page cache up to the limit, which the kernel takes back by itself. */
export async function file ({ mib }: JobParams['file'], scratch: string): Promise<JobResult> {
  const path = join(scratch, randomUUID())
  const handle = await open(path, 'wx+')
  try {
    // Without a name it is gone with this process, however that ends.
    await unlink(path)
    await write(handle, mib)
    return { writtenMib: mib, readMib: await read(handle) / MIB }
  } finally {
    await handle.close()
  }
}

async function write (handle: FileHandle, mib: number): Promise<void> {
  const chunk = Buffer.alloc(MIB, 1)
  for (let i = 1; i <= mib; i++) {
    await handle.write(chunk)
    if (i % SYNC_EVERY_MIB === 0) await handle.datasync()
  }
  await handle.datasync()
}

async function read (handle: FileHandle): Promise<number> {
  const chunk = Buffer.alloc(MIB)
  let position = 0
  for (;;) {
    const { bytesRead } = await handle.read(chunk, 0, MIB, position)
    if (bytesRead === 0) return position
    position += bytesRead
  }
}
