import { Router, type RequestHandler } from 'express'
import { methodNotAllowed, Refusal } from '#shared/http/problem.ts'
import { MAX_MARKERS, type Markers } from './markers.ts'

/** `PUT`, `GET` and `DELETE /marker/{id}`: leave a small file in this container, look for it, and remove it. */
export function markerRoutes (markers: Markers): Router {
  const router = Router()
  router.put('/marker/:id', (req, res) => {
    const written = markers.put(markerId(req.params.id))
    if (written === null) throw tooManyMarkers()
    res.json({ written })
  })
  router.get('/marker/:id', (req, res) => { res.json({ found: markers.find(markerId(req.params.id)) }) })
  router.delete('/marker/:id', (req, res) => { res.json({ removed: markers.remove(markerId(req.params.id)) }) })
  router.all('/marker/:id', methodNotAllowed('GET', 'PUT', 'DELETE'))
  return router
}

/** The id becomes part of a path, so only a UUID is accepted. */
function markerId (text: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return text
  const detail = 'expected a UUID in lower case'
  throw new Refusal({ status: 400, code: 'invalid_request', detail: `id: ${detail}`, faults: [{ at: 'id', detail }] })
}

function tooManyMarkers (): Refusal {
  const detail = `There are already ${MAX_MARKERS} markers, which is the most. Remove one first.`
  return new Refusal({ status: 409, code: 'too_many_markers', detail })
}

/** Replaces everything under `/work` if WORK_ENDPOINTS is off. */
export const workIsOff: RequestHandler = () => {
  throw new Refusal({ status: 404, code: 'work_is_off', detail: 'Work on request is switched off here (WORK_ENDPOINTS=off).' })
}
