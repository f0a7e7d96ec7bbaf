/**
 * The one connection over which the page learns what happens. It comes back by itself, and says so while it is away.
 */
import type { Connection } from '#lab/web/state/state.ts'
import type { StreamEvents } from '#lab/wire/stream.ts'

/** What the page listens to. */
const heard = ['hello', 'sample', 'event', 'jobs', 'sampler', 'run', 'load'] as const

export type Listeners = { [K in typeof heard[number]]: (message: StreamEvents[K]) => void } & { connection: (connection: Connection) => void }

const SILENT_MS = 5000
const DEAD_MS = 15_000
const AGAIN_MS = 2000

export function openStream (url: string, listeners: Listeners): void {
  let source = open()
  let heardAtMs = performance.now()

  function open (): EventSource {
    const opened = new EventSource(url)
    for (const name of heard) {
      opened.addEventListener(name, ({ data }) => {
        heardAtMs = performance.now()
        if (name === 'hello' || name === 'sample') listeners.connection('live')
        listeners[name](JSON.parse(data))
      })
    }
    opened.addEventListener('error', () => {
      listeners.connection('lost')
      // A browser tries again after a lost connection, but not after a refusal.
      if (opened.readyState === EventSource.CLOSED) setTimeout(reopen, AGAIN_MS)
    })
    return opened
  }

  function reopen (): void {
    source.close()
    heardAtMs = performance.now()
    source = open()
  }

  // A connection can be dead without an error: the other end is gone, and nobody said so.
  setInterval(() => {
    const silentMs = performance.now() - heardAtMs
    if (source.readyState !== EventSource.OPEN || silentMs < SILENT_MS) return
    listeners.connection('silent')
    if (silentMs > DEAD_MS) reopen()
  }, 1000)
}
