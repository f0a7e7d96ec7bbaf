import { expect, test } from '@jest/globals'
import { leaveFile } from '#lab/experiments/acting/left-file.ts'
import { NotMeasured, Stage } from '#lab/experiments/acting/stage.ts'
import { PeerAway } from '#lab/peers/peer.ts'
import { limitsStay } from '../../support/fakes.ts'

const id = '019ab000-0000-4000-8000-000000000001'
const path = `/dev/shm/limits-lab-marker-${id}`

/** An api that keeps one file, and a worker that finds what `worker` says, or is away. */
function setUp (worker: string[] | null) {
  const files = new Set<string>()
  const api = async (_path: string, { method = 'GET' }: { method?: string } = {}) => {
    if (method === 'PUT') files.add(path)
    if (method === 'DELETE') files.delete(path)
    return answerOf({ written: [{ path, error: null }], found: [...files], removed: [] })
  }
  const ask = async () => {
    if (worker === null) throw new PeerAway('away')
    return answerOf({ found: worker })
  }
  const stage = new Stage({
    peers: { api: { ask: api }, worker: { ask } },
    loads: { run: async () => { throw new Error('no load is put on here') } },
    ...limitsStay,
    whoami: '/nowhere',
    missing: [],
    evidence: () => { throw new Error('nothing was read') },
    seconds: () => 0,
    lastReadSeconds: () => null,
    say: () => {},
    signal: new AbortController().signal
  })
  return { stage, files }
}

function answerOf (body: object) {
  return { status: 200, headers: {}, text: JSON.stringify(body) }
}

test('a file that was left is looked for everywhere, and removed', async () => {
  const { stage, files } = setUp([])
  expect(await leaveFile(id, 'api', stage)).toEqual({ writer: 'api', written: [{ path, error: null }], foundBy: ['api'] })
  expect(files.size).toBe(0)
})

test('a file that another container finds was found by both', async () => {
  expect((await leaveFile(id, 'api', setUp([path]).stage)).foundBy).toEqual(['api', 'worker'])
})

test('a file is removed even if a service does not answer', async () => {
  const { stage, files } = setUp(null)
  await expect(leaveFile(id, 'api', stage)).rejects.toThrow(NotMeasured)
  expect(files.size).toBe(1)
  await stage.putBack()
  expect(files.size).toBe(0)
})
