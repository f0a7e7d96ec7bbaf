import { Router, static as serveStatic } from 'express'

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>limits-lab api</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</html>
`

const START = "SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui' })\n"

// Swagger UI sets styles from script and draws its icons as data: images; scripts come only from here.
const POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/**
 * `/openapi.json`, and `/docs`, which shows it as a page that can also send requests. `assets` holds Swagger UI's
 * files.
 */
export function docsRoutes (createDocument: () => object, assets: string): Router {
  const router = Router()
  let document: object | undefined
  router.get('/openapi.json', (_req, res) => { res.json(document ??= createDocument()) })
  router.get('/docs', (_req, res) => { res.set('Content-Security-Policy', POLICY).type('html').send(PAGE) })
  router.get('/docs/start.js', (_req, res) => { res.type('js').send(START) })
  router.use('/docs', serveStatic(assets, { index: false, redirect: false }))
  return router
}
