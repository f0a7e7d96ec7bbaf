import { get } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { windowSeconds } from './observe-window.ts'
import { treeCpuSeconds } from './process-cpu.ts'

/** Code that runs for the first time is compiled, which costs CPU. */
const WARM_UP_MS = 15_000

/** Microseconds of CPU per container and sample. */
export interface LabCost {
  /** Of taking samples, and of sending them to the open pages. */
  samplerUs: number
  /** Of all that the lab's processes do: also of answering health checks and of looking for new containers. */
  processUs: number
}

/** The lab of the benchmark's stack, while it watches containers. */
export class WatchingLab {
  readonly #origin: string

  constructor (origin: string) { this.#origin = origin }

  async untilWatching (containers: number): Promise<void> {
    while (await this.#metric('limits_lab_containers') !== containers) await delay(500)
  }

  /** `pid` is the first process of its container. */
  async cost (containers: number, pid: number): Promise<LabCost> {
    // A scrape costs more than many samples. Both are outside the time in which the whole process is measured.
    const before = await this.#sampler()
    const processBefore = treeCpuSeconds(pid)
    await delay(windowSeconds(containers) * 1000)
    const processSeconds = treeCpuSeconds(pid) - processBefore
    const after = await this.#sampler()
    const us = (seconds: number): number => seconds * 1e6 / (after.samples - before.samples) / containers
    return { samplerUs: us(after.cpuSeconds - before.cpuSeconds), processUs: us(processSeconds) }
  }

  async costWithBrowser (containers: number, pid: number): Promise<LabCost> {
    const stream = get(`${this.#origin}/api/stream`, res => res.resume())
    try {
      await delay(WARM_UP_MS)
      return await this.cost(containers, pid)
    } finally {
      stream.destroy()
    }
  }

  async #sampler (): Promise<{ cpuSeconds: number, samples: number }> {
    const cpuSeconds = await this.#metric('limits_lab_sampler_cpu_seconds_total')
    return { cpuSeconds, samples: await this.#metric('limits_lab_sampler_samples_total') }
  }

  async #metric (name: string): Promise<number> {
    const text = await (await fetch(`${this.#origin}/metrics`)).text()
    const line = new RegExp(`^${name} (.*)$`, 'm').exec(text)
    if (line === null) throw new Error(`the lab has no ${name}`)
    return Number(line[1])
  }
}
