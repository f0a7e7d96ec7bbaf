/** What the main thread of a tab did, from a trace of Chromium. Pure. */

/** Times are microseconds. `dur`: by the clock; `tdur`: of CPU. */
export interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  ts: number
  dur?: number
  tdur?: number
  args?: { data?: { message?: string } }
}

/** A piece of work during which the tab answers nothing. */
export interface Task { startUs: number, wallMs: number, cpuMs: number, isFrame: boolean, hasSample: boolean }

/** All that one sample made the tab do: it was received and kept, and what changed was laid out and painted. */
export interface Update { wallMs: number, cpuMs: number }

/** What browsers call a long task. */
export const LONG_TASK_MS = 50

/** The tab says so to the trace when a sample arrives. */
export const SAMPLE_MARK = 'sample'

/** The tasks of the thread that received the samples, in their order. */
export function tasksOf (events: TraceEvent[]): Task[] {
  const mark = events.find(isSample)
  if (mark === undefined) throw new Error('no sample arrived while the trace was recorded')
  const own = events.filter(({ pid, tid }) => pid === mark.pid && tid === mark.tid).sort((a, b) => a.ts - b.ts)
  const tasks: Task[] = []
  for (const event of own) {
    const { name, ph, ts, dur = 0, tdur = 0 } = event
    if (name === 'RunTask' && ph === 'X') {
      tasks.push({ startUs: ts, wallMs: dur / 1000, cpuMs: tdur / 1000, isFrame: false, hasSample: false })
    }
    const task = tasks.at(-1)
    if (task === undefined) continue
    if (isSample(event)) task.hasSample = true
    if (name === 'FireAnimationFrame') task.isFrame = true
  }
  return tasks
}

/** Each task belongs to the sample before it. What came before the first sample is left out. */
export function updatesOf (tasks: Task[]): Update[] {
  const updates: Update[] = []
  for (const { wallMs, cpuMs, hasSample } of tasks) {
    if (hasSample) updates.push({ wallMs: 0, cpuMs: 0 })
    const update = updates.at(-1)
    if (update === undefined) continue
    update.wallMs += wallMs
    update.cpuMs += cpuMs
  }
  // The last one was cut off with the trace.
  return updates.slice(0, -1)
}

function isSample ({ name, args }: TraceEvent): boolean {
  return name === 'TimeStamp' && args?.data?.message === SAMPLE_MARK
}
