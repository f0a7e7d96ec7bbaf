import { setTimeout as delay } from 'node:timers/promises'
import { rise, windowSeconds } from '#scripts/bench/observe-window.ts'
import { treeCpuSeconds } from '#scripts/bench/process-cpu.ts'
import { freePort } from '#scripts/local-stores/free-port.ts'
import { ServerProcess, untilAnswers } from '#scripts/local-stores/server-process.ts'
import { checkReadings, type Monitor, type TimeSpan } from './monitor.ts'
import type { Program } from './program.ts'

const START_TIMEOUT_MS = 60_000
const ASK_EVERY_MS = 1000
/** A monitor that reads less often does not do what it was asked to do. */
const MIN_READINGS_PER_SECOND = 1 / 3

export interface MonitorFigures {
  /** Microseconds of CPU for each reading that the monitor kept. */
  us: number
  /** How often it read a container. */
  readingsPerSecond: number
}

/** A monitor that we have started, with all processes below it. */
export class RunningMonitor {
  readonly #monitor: Monitor
  readonly #program: Program
  readonly #ids: string[]
  readonly #origin: string
  readonly #server: ServerProcess

  private constructor (monitor: Monitor, program: Program, ids: string[], port: number, directory: string) {
    this.#monitor = monitor
    this.#program = program
    this.#ids = ids
    this.#origin = `http://127.0.0.1:${port}`
    const args = monitor.prepare({ port, directory, user: program.user })
    this.#server = new ServerProcess({ ...program.command(args, directory), stopSignal: 'SIGTERM' })
  }

  /** Resolves once it has read each of these containers. */
  static async start (monitor: Monitor, program: Program, ids: string[], directory: string): Promise<RunningMonitor> {
    const running = new RunningMonitor(monitor, program, ids, await freePort(), directory)
    try {
      await running.#untilCollecting()
      return running
    } catch (err) {
      await running.stop()
      throw err
    }
  }

  async stop (): Promise<void> { await this.#server.stop() }

  /** All containers of the host that it reads cost it something, so the cost is divided by all its readings. */
  async figures (): Promise<MonitorFigures> {
    const pid = await this.#program.pid(this.#server.pid!)
    const seconds = windowSeconds(this.#ids.length)
    const fromMs = Date.now()
    const cpuSeconds = await rise(() => treeCpuSeconds(pid), seconds)
    const toMs = Date.now()
    const counts = await this.#readings({ fromMs, toMs }, Math.floor(seconds * MIN_READINGS_PER_SECOND))
    const total = counts.reduce((sum, count) => sum + count, 0)
    return { us: cpuSeconds * 1e6 / total, readingsPerSecond: total / counts.length / (toMs - fromMs) * 1000 }
  }

  async #untilCollecting (): Promise<void> {
    const fromMs = Date.now()
    const ask = async (): Promise<unknown> => {
      await delay(ASK_EVERY_MS)
      return this.#readings({ fromMs, toMs: Date.now() }, 1)
    }
    await untilAnswers({ what: this.#monitor.name, ask, timeoutMs: START_TIMEOUT_MS }, this.#server)
  }

  /** @throws if it read one of our containers fewer than `atLeast` times */
  async #readings (time: TimeSpan, atLeast: number): Promise<number[]> {
    const readings = await this.#monitor.readings(this.#origin, time)
    checkReadings(readings, this.#ids, atLeast)
    return [...readings.values()]
  }
}
