import { expect, test } from '@jest/globals'
import { Evidence } from '../../../../services/lab/runs/evidence.ts'
import { Stage } from '../../../../services/lab/runs/stage.ts'
import type { LoadSpec, LoadSummary } from '../../../../services/lab/wire.ts'
import { recordingOf } from './recordings.ts'

const spec: LoadSpec = { service: 'api', method: 'GET', path: '/', ratesPerSecond: [1], durationSeconds: 1, connections: 1, timeoutSeconds: 1 }

function stageWith (run: (spec: LoadSpec, signal: AbortSignal) => Promise<LoadSummary>, signal: AbortSignal): Stage {
  const peer = { ask: async () => { throw new Error('not asked') }, json: async () => null }
  return new Stage({ peers: { api: peer, worker: peer }, loads: { run }, evidence: () => new Evidence(recordingOf()), say: () => {}, signal })
}

test('a load of an experiment is the lab\'s load, and ends when the run does', async () => {
  const stopping = new AbortController()
  const waiting = stageWith(async (_spec, signal) => new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  }), stopping.signal).load(spec)
  stopping.abort(new Error('cancelled'))
  await expect(waiting).rejects.toThrow('cancelled')
})

test('the time of a stage is the time of its readings', () => {
  expect(stageWith(async () => { throw new Error('no load') }, new AbortController().signal).seconds()).toBe(5)
})
