import { randomUUID } from 'node:crypto'
import { open, unlink, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { JobParams, JobResult } from '#shared/jobs/job.ts'

const MIB = 1024 * 1024

/** At most this much waits for the disk: such pages cannot be reclaimed, and would make this a memory job. */
const SYNC_EVERY_MIB = 16

/** Where files are written: to a disk, and to memory that looks like a disk. */
export interface Folders { scratch: string, tmpfs: string }

/**
 * Writes a file of `mib` MiB and reads it back. That fills page cache up to the limit, which the kernel reclaims by
 * itself. The content of the tmpfs is page cache too, but has no disk to go to; without swap it stays.
 *
 * It must fit beside everything else. When a process is killed, its memory is freed at once, but its part of a tmpfs
 * only when its handles are closed. Until then the kernel, still short of memory, may go on to kill the worker.
 */
export async function file (
  { mib, tmpfsMib = 0, holdMs = 0 }: JobParams['file'],
  { scratch, tmpfs }: Folders
): Promise<JobResult> {
  const onDisk = (): Promise<JobResult> =>
    withNameless(scratch, mib, async handle => {
      const readMib = (await read(handle)) / MIB
      await delay(holdMs)
      return { writtenMib: mib, readMib }
    })
  return tmpfsMib === 0 ? onDisk() : withNameless(tmpfs, tmpfsMib, onDisk)
}

/**
 * Makes a file of `mib` MiB that vanishes when `use` ends, or when this process does in any way: its name is removed at
 * once.
 */
async function withNameless<T> (folder: string, mib: number, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const path = join(folder, randomUUID())
  const handle = await open(path, 'wx+')
  try {
    await unlink(path)
    await write(handle, mib)
    return await use(handle)
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
