import type { LabEvent, Sample } from '#lab/wire/live.ts'
import { until } from '#support/until.ts'
import { lab } from './lab.ts'
import { services } from './stack.ts'

/** Between two samples. */
const BEAT_MS = 250

/** The lab's event stream, all of which is kept. Its times are those of the lab's clock, which is the engine host's. */
export class LabStream {
  readonly samples: Sample[] = []
  /** Events since the stream was opened, each with what was told of it last. */
  readonly events: LabEvent[] = []
  /** Events that arrived after a sample that was taken later than they happened. */
  readonly lateEvents: LabEvent[] = []
  readonly #ending = new AbortController()
  #reading: Promise<void> = Promise.resolve()

  /** Waits for a sample of every service, because a lab that has just started still looks for them. */
  static async open (): Promise<LabStream> {
    const stream = new LabStream()
    const { status, body } = await lab('/api/stream', { signal: stream.#ending.signal })
    if (status !== 200 || body === null) throw new Error(`GET /api/stream: ${status}`)
    stream.#reading = stream.#read(body)
    await stream.untilSample('a sample of every service', ({ containers }) => {
      const measured = containers.filter(({ memory }) => memory.currentBytes !== null)
      return services.every(name => measured.some(({ service }) => service === name))
    })
    return stream
  }

  async close (): Promise<void> {
    this.#ending.abort()
    await this.#reading
  }

  /** Resolves to the first event for which this holds. */
  async untilEvent (what: string, holds: (event: LabEvent) => boolean): Promise<LabEvent> {
    return (await until(() => this.events.find(holds), { what, timeoutMs: 30_000 }))!
  }

  /** Resolves to the first sample from the `from`-th on for which this holds. */
  async untilSample (what: string, holds: (sample: Sample) => boolean, from = 0): Promise<Sample> {
    const find = () => this.samples.find((sample, i) => i >= from && holds(sample))
    return (await until(find, { what, timeoutMs: 30_000 }))!
  }

  /** The delay that a busy machine added: by how much the pauses between samples in this time were too long. */
  heldUpMs (fromMs: number, toMs: number): number {
    const [from, to] = [fromMs - BEAT_MS, toMs + BEAT_MS]
    const taken = this.samples.map(({ at }) => Date.parse(at)).filter(atMs => atMs > from && atMs < to)
    const pausesMs = taken.slice(1).map((atMs, i) => atMs - taken[i]!)
    return pausesMs.reduce((sum, pauseMs) => sum + Math.max(0, pauseMs - BEAT_MS), 0)
  }

  async #read (body: ReadableStream<Uint8Array>): Promise<void> {
    let text = ''
    try {
      for await (const piece of body.pipeThrough(new TextDecoderStream())) {
        const messages = (text + piece).split('\n\n')
        text = messages.pop()!
        for (const message of messages) this.#onMessage(message)
      }
    } catch {
      // Closed by us or by the lab; a test that waits for more reports what it waited for.
    }
  }

  #onMessage (message: string): void {
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/m.exec(message) ?? []
    if (name === 'sample') this.samples.push(JSON.parse(data!) as Sample)
    if (name === 'event') this.#onEvent(JSON.parse(data!) as LabEvent)
  }

  #onEvent (event: LabEvent): void {
    const known = this.events.findIndex(({ id }) => id === event.id)
    if (known !== -1) {
      this.events[known] = event
      return
    }
    const before = this.samples.at(-1)
    if (before !== undefined && Date.parse(before.at) > Date.parse(event.at)) this.lateEvents.push(event)
    this.events.push(event)
  }
}
