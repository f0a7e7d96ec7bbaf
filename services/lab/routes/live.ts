import { Router } from 'express'
import type { Broadcast } from '#lab/broadcast.ts'
import type { Observer } from '#lab/observing/observer.ts'
import type { Peer } from '#lab/peers/peer.ts'
import { askBeliefs } from '#lab/peers/whoami.ts'
import type { Streams } from '#lab/stream.ts'
import { Refusal } from '#shared/http/problem.ts'

export interface LiveRouteDeps {
  observer: Pick<Observer, 'sample' | 'events'>
  streams: Streams
  broadcast: Pick<Broadcast, 'greet'>
  peers: Record<string, Pick<Peer, 'json'>>
}

/** The containers now, and a stream of what happens to them. */
export function liveRoutes ({ observer, streams, broadcast, peers }: LiveRouteDeps): Router {
  const router = Router()
  router.get('/containers', (_req, res) => { res.json(observer.sample()) })
  router.get('/events', (_req, res) => { res.json({ events: observer.events.all() }) })
  router.get('/whoami', async (_req, res) => { res.json(await askBeliefs(peers)) })
  router.get('/stream', (req, res) => {
    if (streams.isClosed) throw labIsStopping()
    if (streams.isFull) throw tooManyStreams()
    broadcast.greet(streams.open(res), Number(req.get('Last-Event-ID') || NaN))
  })
  return router
}

function labIsStopping (): Refusal {
  return new Refusal({ status: 503, code: 'stopping', detail: 'The lab is stopping.', headers: { 'Retry-After': '5' } })
}

function tooManyStreams (): Refusal {
  const detail = 'As many streams as LAB_MAX_STREAMS allows are open. Close one, or try again.'
  return new Refusal({ status: 503, code: 'too_many_streams', detail, headers: { 'Retry-After': '5' } })
}
