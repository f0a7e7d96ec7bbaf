import { readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** Identifies a process, even if a later one gets the same number. */
export interface ProcessIdentity {
  pid: number
  /** Its start time, in ticks since the machine started. */
  startTicks: number
}

const STATE = 0
const PARENT = 1
const GROUP = 2
const START_TICKS = 19

/** `null` if there is no such process. */
export function identityOf (pid: number): ProcessIdentity | null {
  const fields = statFields(pid)
  return fields === null ? null : { pid, startTicks: Number(fields[START_TICKS]) }
}

/** A process that has ended and that its parent has not waited for yet (a zombie) is not alive. */
export function isAlive ({ pid, startTicks }: ProcessIdentity): boolean {
  const fields = statFields(pid)
  return fields !== null && fields[STATE] !== 'Z' && Number(fields[START_TICKS]) === startTicks
}

/** Whether it still has its number: it keeps it until its parent has waited for it. */
export function hasNumber ({ pid, startTicks }: ProcessIdentity): boolean {
  return identityOf(pid)?.startTicks === startTicks
}

/** Its parent, and its group, all of which a Ctrl-C in the terminal reaches. `null` if there is no such process. */
export function kinOf (pid: number): { parent: number, group: number } | null {
  const fields = statFields(pid)
  return fields === null ? null : { parent: Number(fields[PARENT]), group: Number(fields[GROUP]) }
}

/**
 * Where a number always means the same process: in one boot of the machine and one pid namespace, because a checkout
 * may be mounted into a container.
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
