/** The one connection that brings the page its news. It reconnects by itself, and reports its state meanwhile. */
import type { Connection } from '#lab/web/state/state.ts'
import type { StreamEvents } from '#lab/wire/stream.ts'

const eventNames = ['hello', 'sample', 'event', 'jobs', 'sampler', 'run', 'load', 'limits', 'sweep'] as const

export type Listeners =
  { [K in typeof eventNames[number]]: (message: StreamEvents[K]) => void } & { connection: (state: Connection) => void }

const SILENT_MS = 5000
const DEAD_MS = 15_000
const AGAIN_MS = 2000

export function openStream (url: string, listeners: Listeners): void {
  let source = open()
  let lastMessageAtMs = performance.now()

  function open (): EventSource {
    const opened = new EventSource(url)
    for (const name of eventNames) opened.addEventListener(name, ({ data }) => { receive(name, data) })
    opened.addEventListener('error', () => {
      listeners.connection('lost')
      // A browser tries again after a lost connection, but not after a refusal.
      if (opened.readyState === EventSource.CLOSED) setTimeout(reopen, AGAIN_MS)
    })
    return opened
  }

  function receive (name: typeof eventNames[number], data: string): void {
    lastMessageAtMs = performance.now()
    if (name === 'hello' || name === 'sample') listeners.connection('live')
    listeners[name](JSON.parse(data))
  }

  function reopen (): void {
    source.close()
    lastMessageAtMs = performance.now()
    source = open()
  }

  // A connection can be dead without an error, when the other end vanished without closing it.
  setInterval(() => {
    const silentMs = performance.now() - lastMessageAtMs
    if (source.readyState !== EventSource.OPEN || silentMs < SILENT_MS) return
    listeners.connection('silent')
    if (silentMs > DEAD_MS) reopen()
  }, 1000)
}
