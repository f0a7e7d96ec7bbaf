import express, { Router, type Response } from 'express'
import type { PeerAnswer, Peer, PeerRequest } from '#lab/peers/peer.ts'
import { PeerAway } from '#lab/peers/peer.ts'
import type { Stack } from '#lab/peers/stack.ts'
import { methodNotAllowed, Refusal } from '#shared/http/problem.ts'
import { requireJson } from '#shared/http/request.ts'

export interface JobRouteDeps {
  api: Pick<Peer, 'ask'>
  stack: Pick<Stack, 'view'>
  bodyBytes: number
}

/** Jobs belong to the API. The lab forwards its page's requests, because a page may ask only where it came from. */
export function jobRoutes ({ api, stack, bodyBytes }: JobRouteDeps): Router {
  const router = Router()
  router.get('/', async (_req, res) => { res.json(await stack.view()) })
  router.post('/', requireJson, express.text({ type: 'application/json', limit: bodyBytes }), async (req, res) => {
    forward(res, await ask(api, '/jobs', { method: 'POST', body: String(req.body ?? '') }))
  })
  router.get('/:id', async (req, res) => { forward(res, await ask(api, jobPath(req.params.id))) })
  router.delete('/:id', async (req, res) => { forward(res, await ask(api, jobPath(req.params.id), { method: 'DELETE' })) })
  router.all('/', methodNotAllowed('GET', 'POST'))
  router.all('/:id', methodNotAllowed('GET', 'DELETE'))
  return router
}

/** Only letters, digits and dashes are forwarded: an id, and never a path. */
function jobPath (id: string): string {
  if (!/^[\w-]{1,64}$/.test(id)) {
    throw new Refusal({ status: 400, code: 'invalid_request', detail: 'This is not the id of a job.' })
  }
  return `/jobs/${id}`
}

async function ask (api: Pick<Peer, 'ask'>, path: string, question: PeerRequest = {}): Promise<PeerAnswer> {
  try {
    return await api.ask(path, { timeoutMs: 5000, ...question })
  } catch (err) {
    if (!(err instanceof PeerAway)) throw err
    const headers = { 'Retry-After': '2' }
    throw new Refusal({ status: 503, code: 'api_unavailable', detail: 'The API does not answer. Try again.', headers })
  }
}

function forward (res: Response, { status, headers, text }: PeerAnswer): void {
  if (headers.location !== undefined) res.location(`/api${headers.location}`)
  res.status(status).type(headers['content-type'] ?? 'application/json').send(text)
}
