import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { controllerMounts, detectVersion } from '#cgroup/mounts.ts'

const ROOT = '/sys/fs/cgroup'
const PERIOD_US = 100_000
const QUOTA_US = 50_000

/** A quota, and a weight so high that the process gets its quota even on a busy machine. */
const files = {
  v1: { 'cpu.cfs_period_us': PERIOD_US, 'cpu.cfs_quota_us': QUOTA_US, 'cpu.shares': 100_000 },
  v2: { 'cpu.max': `${QUOTA_US} ${PERIOD_US}`, 'cpu.weight': 10_000 }
}

/** A cgroup made for this benchmark, in which a process has half a CPU. Needs root, but no engine. */
export class HalfACpu {
  readonly #path: string

  constructor () {
    const version = detectVersion(ROOT) === 'v2' ? 'v2' : 'v1'
    const parent = version === 'v2' ? ROOT : controllerMounts(ROOT).get('cpu') ?? ROOT
    this.#path = join(parent, `limits-lab-bench-${process.pid}`)
    mkdirSync(this.#path)
    for (const [name, value] of Object.entries(files[version])) writeFileSync(join(this.#path, name), String(value))
  }

  /** Starts a process and waits for the first line that it prints. @throws if the process ends without one */
  async start (file: string, ...args: string[]): Promise<{ child: ChildProcess, firstLine: string }> {
    // The shell enters the cgroup and becomes the process.
    const script = ['-c', 'echo $$ > "$0" && exec "$@"', join(this.#path, 'cgroup.procs'), file, ...args]
    const child = spawn('sh', script, { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(child, 'exit').then(([code]) => { throw new Error(`${file} ended with exit code ${code}`) })
    const [firstLine] = await Promise.race([once(createInterface(child.stdout), 'line'), ended])
    return { child, firstLine }
  }

  /** Call it when no process is in the cgroup any more. */
  remove (): void { rmdirSync(this.#path) }
}
