/**
 * One server that serves a request at a time and stands still for a while, asked by two generators: one that sends each
 * request when it is due, and one that first waits for the answer to the previous.
 */
export interface Scene {
  everyMs: number
  serviceMs: number
  stall: { fromMs: number, toMs: number }
  endMs: number
}

/** What a generator records of one request. */
export interface Recorded { sentMs: number, latencyMs: number }

/** Each request is sent when it is due, and its latency counts from then. */
export function openLoop (scene: Scene): Recorded[] {
  const server = new Server(scene)
  return dueTimes(scene).map(sentMs => ({ sentMs, latencyMs: server.serve(sentMs) - sentMs }))
}

/** One client that keeps to the same pace as long as it is answered in time. What was not sent is not made up for. */
export function closedLoop (scene: Scene): Recorded[] {
  const server = new Server(scene)
  const recorded: Recorded[] = []
  let answeredMs = 0
  for (const sentMs of dueTimes(scene)) {
    if (sentMs < answeredMs) continue
    answeredMs = server.serve(sentMs)
    recorded.push({ sentMs, latencyMs: answeredMs - sentMs })
  }
  return recorded
}

/** The smallest recorded latency that at least this share of the requests did not exceed. */
export function percentile (recorded: Recorded[], share: number): number {
  const latencies = recorded.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b)
  return latencies[Math.ceil(share * latencies.length) - 1]!
}

function dueTimes ({ everyMs, endMs }: Scene): number[] {
  return Array.from({ length: Math.ceil(endMs / everyMs) }, (_, i) => i * everyMs)
}

class Server {
  readonly #scene: Scene
  #freeAtMs = 0

  constructor (scene: Scene) { this.#scene = scene }

  /** When a request that arrives now is answered. */
  serve (arrivedMs: number): number {
    const { serviceMs, stall } = this.#scene
    const startsMs = Math.max(arrivedMs, this.#freeAtMs)
    const isStalled = startsMs + serviceMs > stall.fromMs && startsMs < stall.toMs
    this.#freeAtMs = (isStalled ? stall.toMs : startsMs) + serviceMs
    return this.#freeAtMs
  }
}
