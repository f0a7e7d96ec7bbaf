import { expect, test } from '@jest/globals'
import { NotMeasured } from '../../../../services/lab/runs/experiment.ts'
import { Stage } from '../../../../services/lab/runs/stage.ts'

function setUp ({ status = 200, text = '{}' } = {}) {
  const asked: string[] = []
  const peer = {
    ask: async (path: string, { method = 'GET' }: { method?: string } = {}) => { asked.push(`${method} ${path}`); return { status, headers: {}, text } },
    json: async () => null
  }
  const cancelling = new AbortController()
  const deps = {
    peers: { api: peer, worker: peer },
    loads: { run: async () => { throw new Error('no load is put on here') } },
    evidence: () => { throw new Error('nothing was read') },
    say: () => {},
    signal: cancelling.signal
  }
  return { stage: new Stage(deps), asked, cancel: () => cancelling.abort('cancelled') }
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

test('a stage that is refused says by whom and why', async () => {
  const { stage } = setUp({ status: 404, text: '{"detail": "Work on request is switched off here."}' })
  await expect(stage.json('worker', '/work/x')).rejects.toThrow(new NotMeasured('the worker refuses /work/x: Work on request is switched off here.'))
})
