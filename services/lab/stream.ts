import type { ServerResponse } from 'node:http'
import type { LabEvent } from '#lab/wire/live.ts'
import type { StreamEvents } from '#lab/wire/stream.ts'

/** A client with this much waiting does not read, or too slowly. It gets no more samples until it has caught up. */
const BACKLOG_BYTES = 64 * 1024
/** A client that has read nothing for this long is disconnected. */
const STUCK_MS = 30_000
const RETRY_MS = 1000
/** As many events as the lab itself remembers. */
const MAX_LATE = 200

type Name = keyof StreamEvents

interface LateEvent { id: number, text: string }

/** One open stream. While its client does not read, everything but events is dropped. */
export class Stream {
  droppedTotal = 0
  readonly #res: ServerResponse
  #stuckSinceMs: number | null = null
  #late: LateEvent[] = []

  constructor (res: ServerResponse) {
    this.#res = res
    res.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no'
    })
    res.write(`retry: ${RETRY_MS}\n\n`)
    res.on('drain', () => this.#catchUp())
  }

  get isBehind (): boolean { return this.#res.writableLength > BACKLOG_BYTES }

  /** `text` is made once for all streams. `false`: it was dropped. */
  offer (text: string): boolean {
    if (this.isBehind) {
      this.droppedTotal++
      return false
    }
    this.#res.write(text)
    return true
  }

  /** For a client that does not read now, at most `MAX_LATE` events are kept. */
  sendEvent (event: LabEvent): void {
    this.#send({ id: event.id, text: eventText(event) })
  }

  /** The message carries no id: for a browser that reconnects, the last event is still the newest. */
  sendUpdate (event: LabEvent): void {
    const waiting = this.#late.find(({ id }) => id === event.id)
    if (waiting === undefined) this.#send({ id: event.id, text: messageText('event', event) })
    else waiting.text = eventText(event)
  }

  /** `true`: nothing was read for so long that no client is left. */
  isStuck (nowMs: number): boolean {
    this.#stuckSinceMs = this.isBehind ? this.#stuckSinceMs ?? nowMs : null
    return this.#stuckSinceMs !== null && nowMs - this.#stuckSinceMs > STUCK_MS
  }

  end (): void { this.#res.end() }
  cut (): void { this.#res.destroy() }

  #catchUp (): void {
    const late = this.#late
    this.#late = []
    for (const event of late) this.#send(event)
  }

  #send (event: LateEvent): void {
    if (!this.isBehind && this.#late.length === 0) this.#res.write(event.text)
    else if (this.#late.push(event) > MAX_LATE) this.#late.shift()
  }
}

/** All open streams. A message to all of them is made and serialised once, and not at all while none is open. */
export class Streams {
  /** A stream opened from now on would keep the server from closing: clients reconnect while the lab stops. */
  isClosed = false
  readonly #max: number
  readonly #open = new Set<Stream>()
  #droppedByClosed = 0

  constructor (max: number) {
    this.#max = max
  }

  get size (): number { return this.#open.size }
  get isFull (): boolean { return this.#open.size >= this.#max }
  get droppedTotal (): number {
    return [...this.#open].reduce((sum, { droppedTotal }) => sum + droppedTotal, this.#droppedByClosed)
  }

  open (res: ServerResponse): Stream {
    const stream = new Stream(res)
    this.#open.add(stream)
    res.on('close', () => {
      this.#open.delete(stream)
      this.#droppedByClosed += stream.droppedTotal
    })
    return stream
  }

  send<N extends Name> (name: N, make: () => StreamEvents[N]): void {
    if (this.#open.size === 0) return
    const text = messageText(name, make())
    for (const stream of this.#open) stream.offer(text)
  }

  sendEvent (event: LabEvent): void {
    for (const stream of this.#open) stream.sendEvent(event)
  }

  sendUpdate (event: LabEvent): void {
    for (const stream of this.#open) stream.sendUpdate(event)
  }

  /** Keeps proxies from closing a quiet stream, and disconnects clients that no longer read. */
  heartbeat (nowMs: number): void {
    for (const stream of this.#open) {
      if (stream.isStuck(nowMs)) stream.cut()
      else stream.offer(': still here\n\n')
    }
  }

  close (): void {
    this.isClosed = true
    for (const stream of this.#open) stream.end()
  }
}

export function messageText<N extends Name> (name: N, data: StreamEvents[N]): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}

/** The message carries the event's id, which a browser that reconnects sends back. */
export function eventText (event: LabEvent): string {
  return `id: ${event.id}\n${messageText('event', event)}`
}
