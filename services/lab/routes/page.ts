import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import express, { Router } from 'express'
import { Refusal } from '#shared/http/problem.ts'

/** The page and its parts, as Vite built them. A part gets a new name when its content changes; the page does not. */
export function pageRoutes (assets: string): Router {
  const router = Router()
  router.get('/', (_req, _res, next) => {
    if (!existsSync(join(assets, 'index.html'))) throw notBuilt()
    next()
  })
  router.use(express.static(assets, {
    index: 'index.html',
    redirect: false,
    setHeaders: (res, path) => {
      const isNamedByContent = path.includes(`${sep}assets${sep}`)
      res.setHeader('Cache-Control', isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache')
    }
  }))
  return router
}

function notBuilt (): Refusal {
  const detail = 'The page is not built here (npx vite build). /api/containers and /metrics serve the same data.'
  return new Refusal({ status: 503, code: 'page_not_built', detail })
}
