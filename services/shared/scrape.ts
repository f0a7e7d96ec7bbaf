import { Router } from 'express'
import { Gauge, type Registry } from 'prom-client'
import { containerText } from './container-text.ts'
import type { Log } from './log.ts'
import { addMachine } from './metrics.ts'
import { NetworkMetrics } from './network-metrics.ts'
import type { OwnContainer } from './own-container.ts'

/** Something that brings its metrics up to date before they are printed. */
export type Refresh = () => void | Promise<void>

/** `/metrics`: one snapshot of the container for the whole answer, so that its numbers belong together. */
export class Scrape {
  readonly #registry: Registry
  readonly #own: OwnContainer
  readonly #network: NetworkMetrics
  readonly #errors: Gauge
  readonly #log: Log
  readonly #refreshes: Refresh[] = []

  constructor (registry: Registry, own: OwnContainer, log: Log) {
    this.#registry = registry
    this.#own = own
    this.#log = log
    this.#network = new NetworkMetrics(registry)
    this.#errors = new Gauge({ name: 'container_scrape_error', help: '1 if the container could not be read.', registers: [registry] })
    addMachine(registry)
  }

  /** Called before each answer; one that throws leaves its metrics out. */
  add (refresh: Refresh): void { this.#refreshes.push(refresh) }

  routes (): Router {
    const router = Router()
    router.get('/metrics', async (_req, res) => {
      res.type(this.#registry.contentType).send(await this.text())
    })
    return router
  }

  async text (): Promise<string> {
    const container = this.#containerText()
    await Promise.all(this.#refreshes.map(refresh => this.#try(refresh)))
    return container + withoutUnseenLag(await this.#registry.metrics())
  }

  async #try (refresh: Refresh): Promise<void> {
    try {
      await refresh()
    } catch (err) {
      this.#log.warn({ err }, 'cannot bring a metric up to date')
    }
  }

  #containerText (): string {
    try {
      const state = this.#own.state()
      const { name, service, project } = state.identity
      this.#network.update({ container: service, name, namespace: project })
      this.#errors.set(0)
      return containerText([state])
    } catch (err) {
      this.#errors.set(1)
      this.#log.warn({ err }, 'cannot read the own container')
      return ''
    }
  }
}

/**
 * Node forgets the lags of its event loop with each scrape; one that comes too soon after another would tell the mean of
 * nothing (NaN) and the least of nothing (2^63 ns).
 */
export function withoutUnseenLag (text: string): string {
  return text.replace(/^nodejs_eventloop_lag_\w+ (Nan|9223372036\S*)\n/gm, '')
}
