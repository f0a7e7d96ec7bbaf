import { once } from 'node:events'
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import * as z from 'zod'
import { OwnCgroups, type MadeDirectory } from './own-cgroups.ts'
import { hasNumber, identityOf, isAlive, numberingOf, type ProcessIdentity } from './process-identity.ts'

/** Never below 2: 1 is the machine's first process, and a signal to its group would reach every process. */
const processIdentity = z.object({ pid: z.int().min(2), startTicks: z.int().min(0) })

const state = z.object({
  /** Within what the process numbers below are valid, see `numberingOf`. */
  numbering: z.string(),
  starter: processIdentity,
  services: z.array(processIdentity),
  cgroups: z.array(z.object({ path: z.string().startsWith('/'), inode: z.int() }))
})

type State = z.output<typeof state>

/** More time than a parent needs to wait for an ended child. A parent that never does so must not prevent our start. */
const NUMBERS_FREE_MS = 10_000

/** Records on disk what a start made, so that the next start can end it if this one is killed. */
export class StateFile {
  readonly #path: string
  readonly #services = new Map<string, ProcessIdentity>()
  readonly #before: State | null
  #cgroups: MadeDirectory[] = []

  constructor (path: string) {
    this.#path = path
    this.#before = readState(path)
  }

  /** The process number of the previous start, if that still runs. */
  get running (): number | null {
    return this.#before !== null && isAlive(this.#before.starter) ? this.#before.starter.pid : null
  }

  /** Records this start. Until `endLeftovers` has run, what the previous start left stays recorded as well. */
  claim (): void {
    this.#cgroups = this.#before?.cgroups ?? []
    for (const [i, service] of (this.#before?.services ?? []).entries()) this.#services.set(`leftover ${i}`, service)
    this.#write()
  }

  /** Ends what the previous start left behind when it was killed, and nothing else. */
  async endLeftovers (say: (text: string) => void): Promise<void> {
    const services = this.#before?.services.filter(isAlive) ?? []
    const cgroups = new OwnCgroups(this.#before?.cgroups)
    const standing = cgroups.list.filter(({ path }) => cgroups.isOwn(path))
    if (services.length > 0 || standing.length > 0) say('An earlier start was killed: ending what it left behind')
    for (const { pid } of services) killGroup(pid)
    await cgroups.endAll()
    await untilNumbersAreFree(this.#before?.services ?? [])
    for (const { path } of cgroups.list) say(`${path} stays, because it holds a cgroup that this stack did not make`)
    this.#services.clear()
    this.#cgroups = []
    this.#write()
  }

  noteService (service: string, pid: number): void {
    const identity = identityOf(pid)
    if (identity !== null) this.#services.set(service, identity)
    this.#write()
  }

  noteCgroups (made: MadeDirectory[]): void {
    this.#cgroups = made
    this.#write()
  }

  remove (): void { rmSync(this.#path, { force: true }) }

  /** Written under another name and renamed, so that the file is never seen half written. */
  #write (): void {
    const now: State = {
      numbering: numberingOf(),
      starter: identityOf(process.pid)!,
      services: [...this.#services.values()],
      cgroups: this.#cgroups
    }
    writeFileSync(`${this.#path}.new`, JSON.stringify(now))
    renameSync(`${this.#path}.new`, this.#path)
  }
}

/** `null` if nothing is known: there is no file, or it was cut short, has another form, or was written elsewhere. */
function readState (path: string): State | null {
  if (!existsSync(path)) return null
  const read = state.safeParse(jsonIn(readFileSync(path, 'utf8')))
  return read.success && read.data.numbering === numberingOf() ? read.data : null
}

function jsonIn (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/**
 * A cgroup can be empty, and removable, while the processes that were in it still have their numbers. Postgres refuses
 * to start as long as the number in its lock file belongs to any process, even to a zombie.
 */
async function untilNumbersAreFree (services: ProcessIdentity[]): Promise<void> {
  const deadline = performance.now() + NUMBERS_FREE_MS
  while (services.some(hasNumber) && performance.now() < deadline) await delay(20)
}

/** Each service leads a process group of its own, which has the number of the service. */
function killGroup (leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // The group is empty already.
  }
}

/**
 * Locks a data directory. `false` if another process holds the lock. The lock is the name of an abstract socket: the
 * kernel gives a name to one process at a time and frees it when that process ends, however it ends. A lock file would
 * stay behind. unix(7), "abstract".
 */
export async function lockData (directory: string): Promise<boolean> {
  const { dev, ino } = statSync(directory)
  const holder = createServer().listen(`\0limits-lab-start-${dev}-${ino}`)
  try {
    await once(holder, 'listening')
    holder.unref()
    return true
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'EADDRINUSE') return false
    throw err
  }
}
