import { Router } from 'express'
import type { EventLog } from '#lab/events.ts'
import type { Peer } from '#lab/peers/peer.ts'
import type { Stack } from '#lab/peers/stack.ts'
import { askBeliefs } from '#lab/peers/whoami.ts'
import { eventText, messageText, type Streams } from '#lab/stream.ts'
import type { Hello, LabEvent, Sample, SamplerView } from '#lab/wire/live.ts'
import type { LoadView } from '#lab/wire/load.ts'
import { Refusal } from '#shared/http/problem.ts'

export interface ContainerRouteDeps {
  sampler: { view: () => Sample }
  samplerView: () => SamplerView
  hello: (events: LabEvent[]) => Hello
  events: EventLog
  streams: Streams
  stack: Pick<Stack, 'view'>
  /** Newest first. */
  loads: { all: () => LoadView[] }
  peers: Record<string, Pick<Peer, 'json'>>
}

/** What is now, and what happens. */
export function containerRoutes ({ sampler, samplerView, hello, events, streams, stack, loads, peers }: ContainerRouteDeps): Router {
  const router = Router()
  router.get('/containers', (_req, res) => { res.json(sampler.view()) })
  router.get('/events', (_req, res) => { res.json({ events: events.all() }) })
  router.get('/whoami', async (_req, res) => { res.json(await askBeliefs(peers)) })

  router.get('/stream', (req, res) => {
    if (streams.isClosed) throw new Refusal({ status: 503, code: 'stopping', detail: 'The lab is stopping.', headers: { 'Retry-After': '5' } })
    if (streams.isFull) throw tooManyStreams()
    const stream = streams.open(res)
    const { told, missed } = sinceLast(events.all(), Number(req.get('Last-Event-ID') || NaN))
    stream.offer(messageText('hello', hello(told)))
    stream.offer(messageText('sample', sampler.view()))
    stream.offer(messageText('sampler', samplerView()))
    for (const load of loads.all().slice(0, 1)) stream.offer(messageText('load', load))
    for (const event of missed) stream.offer(eventText(event))
    stack.view().then(view => stream.offer(messageText('jobs', view)), () => {})
  })
  return router
}

function tooManyStreams (): Refusal {
  const detail = 'As many streams as LAB_MAX_STREAMS allows are open. Close one, or try again.'
  return new Refusal({ status: 503, code: 'too_many_streams', detail, headers: { 'Retry-After': '5' } })
}

/**
 * A browser that comes back has heard of some: those are in the greeting, and the ones it missed are told as they would
 * have been. An id beyond the newest was not given in this life of the lab, whose ids begin lower if the host's clock
 * was set back before it.
 */
export function sinceLast (events: LabEvent[], lastId: number): { told: LabEvent[], missed: LabEvent[] } {
  if (!Number.isFinite(lastId)) return { told: events, missed: [] }
  if (lastId > (events.at(-1)?.id ?? -Infinity)) return { told: [], missed: events }
  return { told: events.filter(({ id }) => id <= lastId), missed: events.filter(({ id }) => id > lastId) }
}
