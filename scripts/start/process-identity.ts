import { readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** A process, told apart from a later one that was given the same number. */
export interface ProcessIdentity {
  pid: number
  /** When it started, in ticks since the machine did. */
  startTicks: number
}

const STATE = 0
const PARENT = 1
const GROUP = 2
const START_TICKS = 19

/** `null`: there is no such process. */
export function identityOf (pid: number): ProcessIdentity | null {
  const fields = statFields(pid)
  return fields === null ? null : { pid, startTicks: Number(fields[START_TICKS]) }
}

/** One that has ended and was not waited for yet (a zombie) is not alive. */
export function isAlive ({ pid, startTicks }: ProcessIdentity): boolean {
  const fields = statFields(pid)
  return fields !== null && fields[STATE] !== 'Z' && Number(fields[START_TICKS]) === startTicks
}

/** Whether it still has its number: while it is alive, and afterwards until its parent has waited for it. */
export function hasNumber ({ pid, startTicks }: ProcessIdentity): boolean {
  return identityOf(pid)?.startTicks === startTicks
}

/** Its parent, and the group that a Ctrl-C in the terminal reaches together. `null`: there is no such process. */
export function kinOf (pid: number): { parent: number, group: number } | null {
  const fields = statFields(pid)
  return fields === null ? null : { parent: Number(fields[PARENT]), group: Number(fields[GROUP]) }
}

/**
 * Within what a number means the same process: one life of the machine, and one pid namespace, for a checkout may be
 * mounted into a container.
 */
export function numberingOf (proc = '/proc'): string {
  const bootId = readFileSync(join(proc, 'sys/kernel/random/boot_id'), 'utf8').trim()
  return `${bootId} ${readlinkSync(join(proc, 'self/ns/pid'))}`
}

/**
 * The fields of `/proc/<pid>/stat` from the third on. The second is a name, which may hold spaces and parentheses.
 * proc_pid_stat(5).
 */
function statFields (pid: number): string[] | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
  } catch {
    return null
  }
}
