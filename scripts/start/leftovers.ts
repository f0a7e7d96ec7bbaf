import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { CgroupTree } from './cgroup-tree.ts'

/** A process, told from a later one that got its number. */
interface Started { pid: number, startTicks: number }

interface State { starter: Started, services: Started[] }

/** What a start leaves on disk, for one that comes after it was killed. */
export class StateFile {
  readonly #path: string
  readonly #services = new Map<string, Started>()

  constructor (path: string) {
    this.#path = path
  }

  /** @throws when another start is still there */
  async endLeftovers (tree: CgroupTree | null, say: (text: string) => void): Promise<void> {
    const state = existsSync(this.#path) ? JSON.parse(readFileSync(this.#path, 'utf8')) as State : null
    if (state !== null && isAlive(state.starter)) throw new Error(`The stack is running already (process ${state.starter.pid}).`)
    const left = state?.services.filter(isAlive) ?? []
    if (left.length > 0 || tree?.exists) say('an earlier start was killed: ending what it left behind')
    for (const { pid } of left) killGroup(pid)
    await tree?.removeAll()
  }

  note (service: string, pid: number): void {
    const startTicks = startTicksOf(pid)
    if (startTicks !== null) this.#services.set(service, { pid, startTicks })
    const state: State = { starter: { pid: process.pid, startTicks: startTicksOf(process.pid)! }, services: [...this.#services.values()] }
    writeFileSync(this.#path, JSON.stringify(state))
  }

  remove (): void { rmSync(this.#path, { force: true }) }
}

function isAlive ({ pid, startTicks }: Started): boolean {
  return startTicksOf(pid) === startTicks
}

/** Field 22 of /proc/<pid>/stat, counted after the name, which may hold spaces and parentheses. `null`: there is no such process. */
function startTicksOf (pid: number): number | null {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[19])
  } catch {
    return null
  }
}

function killGroup (pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nobody is left in it.
  }
}
