import { once } from 'node:events'
import { get, type ClientRequest, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import type { LabEvent } from '#lab/wire/live.ts'

/** When a kill was told, and when its victim was. */
export interface Told { id: number, toldAtMs: number, decidedAtMs: number | null }

const DATA = 'data: '

/** What a client of the lab's stream is told about the kills in one service, and when. */
export class KillNews {
  readonly kills: Told[] = []
  readonly #service: string
  readonly #request: ClientRequest

  static async open (url: string, service: string): Promise<KillNews> {
    const request = get(url)
    const [answer] = await once(request, 'response') as [IncomingMessage]
    return new KillNews(request, answer, service)
  }

  private constructor (request: ClientRequest, answer: IncomingMessage, service: string) {
    this.#request = request
    this.#service = service
    let name = ''
    createInterface({ input: answer }).on('error', () => {})     // `close` cuts it off.
      .on('line', line => {
        if (line.startsWith('event: ')) name = line.slice('event: '.length)
        else if (name === 'event' && line.startsWith(DATA)) this.#take(JSON.parse(line.slice(DATA.length)) as LabEvent)
      })
  }

  close (): void { this.#request.destroy() }

  #take ({ id, kind, service, oom }: LabEvent): void {
    if (kind !== 'oom_kill' || service !== this.#service) return
    const nowMs = performance.now()
    let kill = this.kills.find(told => told.id === id)
    if (kill === undefined) this.kills.push(kill = { id, toldAtMs: nowMs, decidedAtMs: null })
    if (oom!.victim !== null) kill.decidedAtMs ??= nowMs
  }
}
