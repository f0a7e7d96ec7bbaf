import { expect, test } from '@jest/globals'
import { NotMeasured, Stage } from '#lab/experiments/acting/stage.ts'
import { PeerAway, type Peer } from '#lab/peers/peer.ts'
import { Refusal } from '#shared/http/problem.ts'
import type { ChangedLimits } from '#shared/limits/change.ts'
import { limitsStay } from '../../support/fakes.ts'

interface Given { status?: number, text?: string, ask?: Peer['ask'], refusal?: Refusal }

function setUp ({ status = 200, text = '{}', ask, refusal }: Given = {}) {
  const asked: string[] = []
  const changed: string[] = []
  const changes = {
    request: async (change: object, by: string) => {
      changed.push(`${JSON.stringify(change)} by ${by}`)
      if (refusal !== undefined) throw refusal
      return {} as ChangedLimits
    },
    putBack: async (service: string) => {
      changed.push(`${service} back`)
      return {} as ChangedLimits
    }
  }
  const peer = {
    ask:
      ask ??
      (async (path: string, { method = 'GET' }: { method?: string } = {}) => {
        asked.push(`${method} ${path}`)
        return { status, headers: {}, text }
      })
  }
  const cancelling = new AbortController()
  const deps = {
    peers: { api: peer, worker: peer },
    loads: { run: async () => { throw new Error('no load is put on here') } },
    ...limitsStay,
    changes,
    whoami: '/nowhere',
    missing: [],
    evidence: () => { throw new Error('nothing was read') },
    seconds: () => 0,
    lastReadSeconds: () => null,
    say: () => {},
    signal: cancelling.signal
  }
  return { stage: new Stage(deps), asked, changed, cancel: () => cancelling.abort('cancelled') }
}

test('a stage whose run was cancelled asks nothing more, but puts back what it did, the last first', async () => {
  const { stage, asked, cancel } = setUp()
  stage.atEnd(() => stage.ask('worker', '/first', { method: 'DELETE' }))
  stage.atEnd(() => stage.ask('api', '/second', { method: 'DELETE' }))
  cancel()
  await expect(stage.ask('api', '/more')).rejects.toBe('cancelled')
  await stage.putBack()
  expect(asked).toEqual(['DELETE /second', 'DELETE /first'])
})

test('a stage that is refused says by which service and why', async () => {
  const { stage } = setUp({ status: 404, text: '{"detail": "Work on request is switched off here."}' })
  await expect(stage.json('worker', '/work/x')).rejects.toThrow(new NotMeasured('the worker refuses /work/x: Work on request is switched off here.'))
})

test('a limit that a stage changes is put back at the end', async () => {
  const { stage, changed } = setUp()
  await expect(stage.limit({ service: 'worker', pids: 64 })).resolves.toBeNull()
  await stage.putBack()
  expect(changed).toEqual(['{"service":"worker","pids":64} by experiment', 'worker back'])
})

test('a stage says why a limit was not changed, and fails if nobody is there to change it', async () => {
  const refusal = (status: number): Refusal => new Refusal({ status, code: 'below_use', detail: 'It is in use.' })
  const [refused, away] = [refusal(409), refusal(503)]
  await expect(setUp({ refusal: refused }).stage.limit({ service: 'worker', pids: 1 })).resolves.toBe(refused)
  await expect(setUp({ refusal: away }).stage.limit({ service: 'worker', pids: 1 })).rejects.toBe(away)
})

const noop = { kind: 'noop', params: {} } as const

test('a job is waited for while the API is away, and while it does not reach its store: a refusal has a status too', async () => {
  const { stage } = answering(
    null,
    { status: 503, text: '{"status": 503}' },
    job('queued'),
    job('running'),
    job('succeeded')
  )
  expect(await stage.ended('a')).toMatchObject({ status: 'succeeded' })
})

test('a job that is offered and not accepted has no id, whether it was refused or there was no answer', async () => {
  const { stage } = answering(null, { status: 503, text: '{}' }, { status: 202, text: '{"id": "a"}' })
  expect([await stage.offer(noop), await stage.offer(noop), await stage.offer(noop)]).toEqual([null, null, 'a'])
})

test('jobs are waited for as long as some of them end, in whatever order; the others are returned as they were last seen', async () => {
  const looks: Record<string, Array<{ status: number; text: string }>> = {
    a: [job('succeeded')],
    b: [job('queued'), job('queued'), job('running')],
    c: [job('queued'), job('failed')],
    d: [{ status: 404, text: '{"status": 404}' }]
  }
  const asked: string[] = []
  const ask = async (path: string) => {
    asked.push(path.slice(-1))
    const answers = looks[path.slice(-1)]!
    return { headers: {}, ...(answers.length > 1 ? answers.shift()! : answers[0]!) }
  }
  const jobs = await setUp({ ask }).stage.endings(['a', 'b', 'c', 'd'], 1)
  expect(jobs.map(job => job?.status)).toEqual(['succeeded', 'running', 'failed', undefined])
  expect(asked.join('')).toBe('abcdbcdbd')
})

test('while the API is away, or has no store yet, nobody loses patience with jobs', async () => {
  const answers: Array<{ status: number, text: string } | null> = [
    null, null, { status: 503, text: '{}' }, job('running'), job('succeeded')
  ]
  const ask = async () => {
    const answer = answers.shift()
    if (answer == null) throw new PeerAway('away')
    return { headers: {}, ...answer }
  }
  const jobs = await setUp({ ask }).stage.endings(['a'], 150)
  expect(jobs.map(job => job?.status)).toEqual(['succeeded'])
})

test('a stage takes back the jobs that were accepted and of which no end was seen', async () => {
  const { stage, asked } = answering(
    { status: 202, text: '{"id": "a"}' },
    { status: 202, text: '{"id": "b"}' },
    job('succeeded')
  )
  await stage.offer(noop)
  await stage.post(noop)
  await stage.endings(['b'], 0)
  await stage.putBack()
  expect(asked.at(-1)).toBe('/jobs/a')
})

function job (status: string) {
  return { status: 200, text: JSON.stringify({ status }) }
}

/** An API that gives these answers, one after the other and the last one for ever; `null`: none. */
function answering (...answers: Array<{ status: number, text: string } | null>) {
  const asked: string[] = []
  const ask = async (path: string) => {
    const answer = answers[Math.min(asked.push(path), answers.length) - 1]
    if (answer == null) throw new PeerAway('away')
    return { headers: {}, ...answer }
  }
  return { ...setUp({ ask }), asked }
}
