import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { controllerMounts, detectVersion } from '#cgroup/mounts.ts'

const ROOT = '/sys/fs/cgroup'
const PERIOD_US = 100_000
const QUOTA_US = 50_000

/** The files of a quota, and of a weight so high that on a busy machine the quota is what it gets. */
const files = {
  v1: { 'cpu.cfs_period_us': PERIOD_US, 'cpu.cfs_quota_us': QUOTA_US, 'cpu.shares': 100_000 },
  v2: { 'cpu.max': `${QUOTA_US} ${PERIOD_US}`, 'cpu.weight': 10_000 }
}

/** A cgroup of this benchmark's own, in which a process has half a CPU. Takes root, and no engine. */
export class HalfACpu {
  readonly #path: string

  constructor () {
    const version = detectVersion(ROOT) === 'v2' ? 'v2' : 'v1'
    this.#path = join(version === 'v2' ? ROOT : controllerMounts(ROOT).get('cpu') ?? ROOT, `limits-lab-bench-${process.pid}`)
    mkdirSync(this.#path)
    for (const [name, value] of Object.entries(files[version])) writeFileSync(join(this.#path, name), String(value))
  }

  /** Resolves with the first line it prints. @throws when it ends without one */
  async start (file: string, ...args: string[]): Promise<{ child: ChildProcess, said: string }> {
    // The shell goes in, and becomes the process.
    const child = spawn('sh', ['-c', 'echo $$ > "$0" && exec "$@"', join(this.#path, 'cgroup.procs'), file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(child, 'exit').then(([code]) => { throw new Error(`${file} ended with exit code ${code}`) })
    const [said] = await Promise.race([once(createInterface(child.stdout), 'line'), ended])
    return { child, said }
  }

  /** When nobody is in it any more. */
  remove (): void { rmdirSync(this.#path) }
}
