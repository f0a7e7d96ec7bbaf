import { statfsSync } from 'node:fs'

/** The experiment tmpfs-counts fills 96 MiB; compose.yaml gives the worker 192 (shm_size). */
const SHM_BYTES = 128 * 1024 * 1024

/** What experiments will have to do without, as the lab takes it. */
export function missing (has: { limits: boolean, namespaces: boolean, shmBytes: number }): string {
  return [!has.limits && 'limits', !has.namespaces && 'namespaces', has.shmBytes < SHM_BYTES && 'shm', 'network', 'image'].filter(Boolean).join(' ')
}

/** Room in the tmpfs that every process may write to. 64 MiB in most CI containers, half of the memory elsewhere. */
export function freeShmBytes (path = '/dev/shm'): number {
  try {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  } catch {
    return 0
  }
}
