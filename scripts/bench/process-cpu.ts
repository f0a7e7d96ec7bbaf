// The CPU time of processes, from /proc/<pid>/stat. man 5 proc_pid_stat: the name stands in brackets and may contain
// anything, so the fields are counted from the last bracket.
import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts CPU time in hundredths of a second wherever it shows it to programs (USER_HZ). */
const TICKS_PER_SECOND = 100

export interface ProcessStat {
  pid: number
  parentPid: number
  ticks: number
  /** Of its children that have ended. */
  endedChildrenTicks: number
}

export function parseProcessStat (text: string): ProcessStat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number)
  const [parentPid, user, system, childrenUser, childrenSystem] = [1, 11, 12, 13, 14].map(field => fields[field]!)
  return {
    pid: Number.parseInt(text),
    parentPid: parentPid!,
    ticks: user! + system!,
    endedChildrenTicks: childrenUser! + childrenSystem!
  }
}

/** What a process and all processes below it have used, the ended ones included. @throws if the process is not there */
export function treeTicks (processes: ProcessStat[], root: number): number {
  const process = processes.find(({ pid }) => pid === root)
  if (process === undefined) throw new Error(`there is no process ${root}`)
  const children = processes.filter(({ parentPid }) => parentPid === root)
  return process.ticks + process.endedChildrenTicks +
    children.reduce((sum, { pid }) => sum + treeTicks(processes, pid), 0)
}

/** Of these processes alone, without their children. */
export function cpuSeconds (pids: number[]): number {
  const ticks = pids.map(pid => parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8')).ticks)
  return ticks.reduce((sum, ticks) => sum + ticks, 0) / TICKS_PER_SECOND
}

/** Of a process and all processes below it. */
export function treeCpuSeconds (root: number): number {
  return treeTicks(allProcesses(), root) / TICKS_PER_SECOND
}

function allProcesses (): ProcessStat[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name)).flatMap(pid => {
    try {
      return [parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))]
    } catch {
      return []      // It ended after it was listed.
    }
  })
}
