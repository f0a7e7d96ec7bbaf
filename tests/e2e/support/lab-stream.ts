import type { LabEvent, Sample } from '#lab/wire/live.ts'
import { until } from '#support/until.ts'
import { lab } from './lab.ts'
import { services } from './stack.ts'

/** Between two samples. */
const BEAT_MS = 250

/**
 * The lab's event stream, read as it comes. All of it is kept; its times are of the lab's clock, which is the engine
 * host's.
 */
export class LabStream {
  readonly samples: Sample[] = []
  /** Those that happened since the stream was opened. */
  readonly events: LabEvent[] = []
  /** Events that came behind a sample that was taken after they had happened. */
  readonly lateEvents: LabEvent[] = []
  readonly #ending = new AbortController()
  #reading: Promise<void> = Promise.resolve()

  /** Waits for a sample of every service: a lab that has just started still looks for them. */
  static async open (): Promise<LabStream> {
    const stream = new LabStream()
    const { status, body } = await lab('/api/stream', { signal: stream.#ending.signal })
    if (status !== 200 || body === null) throw new Error(`GET /api/stream: ${status}`)
    stream.#reading = stream.#read(body)
    await stream.untilSample('a sample of every service', ({ containers }) =>
      services.every(service => containers.some(container => container.service === service && container.memory.currentBytes !== null)))
    return stream
  }

  async close (): Promise<void> {
    this.#ending.abort()
    await this.#reading
  }

  /** The first event of which this holds. */
  async untilEvent (what: string, holds: (event: LabEvent) => boolean): Promise<LabEvent> {
    return (await until(() => this.events.find(holds), { what, timeoutMs: 30_000 }))!
  }

  /** The first sample from the `from`-th on of which this holds. */
  async untilSample (what: string, holds: (sample: Sample) => boolean, from = 0): Promise<Sample> {
    return (await until(() => this.samples.find((sample, i) => i >= from && holds(sample)), { what, timeoutMs: 30_000 }))!
  }

  /**
   * What a busy machine added to a delay: by how much the pauses between the samples that were taken in this time were
   * longer than the lab's beat.
   */
  heldUpMs (fromMs: number, toMs: number): number {
    const taken = this.samples.map(({ at }) => Date.parse(at)).filter(atMs => atMs > fromMs - BEAT_MS && atMs < toMs + BEAT_MS)
    const pausesMs = taken.slice(1).map((atMs, i) => atMs - taken[i]!)
    return pausesMs.reduce((sum, pauseMs) => sum + Math.max(0, pauseMs - BEAT_MS), 0)
  }

  async #read (body: ReadableStream<Uint8Array>): Promise<void> {
    let text = ''
    try {
      for await (const piece of body.pipeThrough(new TextDecoderStream())) {
        const messages = (text + piece).split('\n\n')
        text = messages.pop()!
        for (const message of messages) this.#hear(message)
      }
    } catch {
      // Closed here, or broken off there: whoever waits for more says for what.
    }
  }

  #hear (message: string): void {
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/m.exec(message) ?? []
    if (name === 'sample') this.samples.push(JSON.parse(data!) as Sample)
    if (name === 'event') this.#hearEvent(JSON.parse(data!) as LabEvent)
  }

  #hearEvent (event: LabEvent): void {
    const before = this.samples.at(-1)
    if (before !== undefined && Date.parse(before.at) > Date.parse(event.at)) this.lateEvents.push(event)
    this.events.push(event)
  }
}
