import express, { type Express, type RequestHandler } from 'express'
import { healthRoutes, type Health } from '../shared/health.ts'
import type { Scrape } from '../shared/scrape.ts'
import { whoami } from '../shared/whoami.ts'

interface Deps {
  health: Health
  scrape: Scrape
  timeRequests: RequestHandler
}

/** What the worker tells about itself; inside the network only. */
export function createApp ({ health, scrape, timeRequests }: Deps): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use(timeRequests)
  app.use(healthRoutes(health))
  app.use(scrape.routes())
  app.get('/whoami', (_req, res) => { res.json(whoami()) })
  return app
}
