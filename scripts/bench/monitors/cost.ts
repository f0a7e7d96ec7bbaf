import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Monitor } from './monitor.ts'
import { findProgram } from './program.ts'
import { RunningMonitor, type MonitorFigures } from './running-monitor.ts'

const WARM_UP_MS = 10_000

export type MonitorCost = MonitorFigures | { notRun: string }

/**
 * Starts a monitor, measures what it costs it to watch these containers among all others of the host, and stops it. It
 * has no figure if it cannot be had, does not start, or does not collect.
 */
export async function monitorCost (monitor: Monitor, ids: string[]): Promise<MonitorCost> {
  const directory = mkdtempSync(join(tmpdir(), 'limits-lab-bench-'))
  mkdirSync(join(directory, 'data'))
  try {
    const running = await RunningMonitor.start(monitor, await findProgram(monitor), ids, directory)
    try {
      await delay(WARM_UP_MS)
      return await running.figures()
    } finally {
      await running.stop()
    }
  } catch (err) {
    return { notRun: (err as Error).message }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
