import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import * as z from 'zod'
import { OwnCgroups, type MadeDirectory } from './own-cgroups.ts'
import { hasNumber, identityOf, isAlive, numberingOf, type ProcessIdentity } from './process-identity.ts'

/**
 * Nobody's number is below 2 but the machine's first process's, and a signal to the group of that one goes to
 * everybody.
 */
const processIdentity = z.object({ pid: z.int().min(2), startTicks: z.int().min(0) })

const state = z.object({
  /** Where the numbers below mean something, see `numberingOf`. */
  numbering: z.string(),
  starter: processIdentity,
  services: z.array(processIdentity),
  cgroups: z.array(z.object({ path: z.string().startsWith('/'), inode: z.int() }))
})

type State = z.output<typeof state>

/** More than a parent needs to wait for a child that has ended. One that never does must not keep us from starting. */
const NUMBERS_GONE_MS = 10_000

/** What a start leaves on disk: what is known to be its own by one that comes after it was killed. */
export class StateFile {
  readonly #path: string
  readonly #services = new Map<string, ProcessIdentity>()
  readonly #before: State | null
  #cgroups: MadeDirectory[] = []

  constructor (path: string) {
    this.#path = path
    this.#before = readState(path)
  }

  /** The process number of the start before this one, if that still runs. */
  get running (): number | null {
    return this.#before !== null && isAlive(this.#before.starter) ? this.#before.starter.pid : null
  }

  /** Says who starts now. Until `endLeftovers` what the start before left is remembered with it. */
  claim (): void {
    this.#cgroups = this.#before?.cgroups ?? []
    for (const [i, service] of (this.#before?.services ?? []).entries()) this.#services.set(`left ${i}`, service)
    this.#write()
  }

  /** Ends what the start before left behind when it was killed, and nothing else. */
  async endLeftovers (say: (text: string) => void): Promise<void> {
    const services = this.#before?.services.filter(isAlive) ?? []
    const cgroups = new OwnCgroups(this.#before?.cgroups)
    const standing = cgroups.list.filter(({ path }) => cgroups.isOwn(path))
    if (services.length > 0 || standing.length > 0) say('an earlier start was killed: ending what it left behind')
    for (const { pid } of services) killGroup(pid)
    await cgroups.endAll()
    await numbersGone(this.#before?.services ?? [])
    for (const { path } of cgroups.list) say(`${path} stays: it holds a cgroup of others`)
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

  /** By renaming, so that nobody ever reads half of it. */
  #write (): void {
    const now: State = { numbering: numberingOf(), starter: identityOf(process.pid)!, services: [...this.#services.values()], cgroups: this.#cgroups }
    writeFileSync(`${this.#path}.new`, JSON.stringify(now))
    renameSync(`${this.#path}.new`, this.#path)
  }
}

/**
 * `null`: nothing is known. So it is, too, where the file was cut short, is of another form, or was written elsewhere.
 */
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
 * A cgroup is empty, and can be removed, before the processes that were in it have given up their numbers. Postgres
 * refuses to start for as long as the number in its lock file is anybody's, a zombie's too.
 */
async function numbersGone (services: ProcessIdentity[]): Promise<void> {
  const deadline = performance.now() + NUMBERS_GONE_MS
  while (services.some(hasNumber) && performance.now() < deadline) await delay(20)
}

/** A service leads a group of its own, which bears its number. */
function killGroup (leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // Nobody is left in it.
  }
}
