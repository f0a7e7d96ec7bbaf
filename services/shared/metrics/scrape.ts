import { Router } from 'express'
import { Gauge, type Registry } from 'prom-client'
import type { Log } from '#shared/process/log.ts'
import type { OwnContainer } from '#shared/process/own-container.ts'
import { containerText } from './container-text.ts'
import type { NetworkMetrics } from './network-metrics.ts'
import { addMachine } from './registry.ts'

/** Updates some metrics before they are printed. */
export type Refresh = () => void | Promise<void>

/** `/metrics`: one snapshot of the container for the whole answer, so that its numbers belong together. */
export class Scrape {
  readonly #registry: Registry
  readonly #own: OwnContainer
  /** `null`: there is no container to read, which is no error of a scrape. */
  readonly #errors: Gauge | null
  readonly #log: Log
  readonly #refreshes: Refresh[] = []
  #isFailing = false

  /** `network` is the network of this container; `null` if it has none of its own. */
  constructor (registry: Registry, own: OwnContainer, log: Log, network: NetworkMetrics | null = null) {
    this.#registry = registry
    this.#own = own
    this.#log = log
    this.#errors = own.missing === null ? scrapeErrors(registry) : null
    if (network !== null) this.add(() => this.#updateNetwork(network))
    addMachine(registry)
  }

  /** Calls `refresh` before each answer; if it throws, its metrics are left out. */
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
      this.#errors?.set(this.#own.isFaulty ? 1 : 0)
      this.#isFailing = false
      return state === null ? '' : containerText([state])
    } catch (err) {
      this.#errors?.set(1)
      if (!this.#isFailing) this.#log.warn({ err }, 'cannot read this container')
      this.#isFailing = true
      return ''
    }
  }

  #updateNetwork (network: NetworkMetrics): void {
    const { name, service, project } = this.#own.identity
    network.update({ container: service, name, namespace: project })
  }
}

/** This is 1 even if only one of many files failed; the log says which. The other values of the scrape are valid. */
function scrapeErrors (registry: Registry): Gauge {
  return new Gauge({ name: 'container_scrape_error', help: '1 if the container, or some value of it, could not be read.', registers: [registry] })
}

/**
 * Node resets the lags of its event loop with each scrape. If a scrape follows another too soon, it would report the
 * mean of nothing (NaN) and the minimum of nothing (2^63 ns).
 */
export function withoutUnseenLag (text: string): string {
  return text.replace(/^nodejs_eventloop_lag_\w+ (Nan|9223372036\S*)\n/gm, '')
}
