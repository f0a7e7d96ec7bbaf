import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import * as z from 'zod'
import type { ContainerLimits } from '#shared/limits/change.ts'

/** What a container had before its first change. */
export interface Kept { service: string, before: ContainerLimits }

const limit = z.union([z.number(), z.literal('max')])
const before = z.strictObject({ memoryBytes: limit, memoryAndSwapBytes: limit, cpus: limit, pids: limit })
const schema = z.record(z.string().regex(/^[0-9a-f]{64}$/), z.strictObject({ service: z.string(), before }))

/** A file on a volume, so that what there was before a change survives a restart of the broker, and of the host. */
export class KeptFile {
  readonly #path: string

  constructor (path: string) { this.#path = path }

  /** By full id. @throws Error if the file says something else than this broker wrote */
  read (): Map<string, Kept> {
    try {
      return new Map(Object.entries(schema.parse(JSON.parse(readFileSync(this.#path, 'utf8')))))
    } catch (err) {
      if ((err as NodeJS.ErrnoException).code === 'ENOENT') return new Map()
      throw new Error(`${this.#path}: ${(err as Error).message}`, { cause: err })
    }
  }

  /** Replaces it as a whole, so that a crash leaves either the old one or the new one. */
  write (kept: ReadonlyMap<string, Kept>): void {
    if (kept.size === 0) { rmSync(this.#path, { force: true }); return }
    const fresh = `${this.#path}.new`
    writeFileSync(fresh, JSON.stringify(Object.fromEntries(kept)), { flush: true })
    renameSync(fresh, this.#path)
  }
}
