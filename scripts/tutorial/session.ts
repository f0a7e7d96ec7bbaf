import { readdirSync, readFileSync } from 'node:fs'

/**
 * The process groups of a session. Most commands stay in the group of their shell; `timeout`, for one, makes its own.
 * /proc/PID/stat: pid (comm) state ppid pgrp session …
 */
export function sessionGroups (session: number): number[] {
  const groups = new Set<number>()
  for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    const { group, sessionOf, state } = statOf(pid)
    if (sessionOf === session && state !== 'Z') groups.add(group)
  }
  return [...groups]
}

function statOf (pid: string): { state: string, group: number, sessionOf: number } {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, , group, session] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: state!, group: Number(group), sessionOf: Number(session) }
  } catch {
    return { state: 'Z', group: 0, sessionOf: 0 }      // it has ended meanwhile
  }
}
