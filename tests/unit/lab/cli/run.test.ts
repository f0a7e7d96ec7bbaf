import { expect, test } from '@jest/globals'
import { Refused, type LabRequest } from '#lab/cli/ask.ts'
import { runEach } from '#lab/cli/run.ts'
import type { ExperimentView, Outcome, RunView } from '#lab/wire/experiments.ts'

const experiment = (id: string): ExperimentView => ({
  id, topic: 'memory', title: id, question: 'What happens?', choices: [{ id: 'killed', text: 'It is killed.' }, { id: 'slow', text: 'It is slow.' }], does: '', seconds: 1, watches: [], ifYouSawSomethingElse: ['Look again.']
})

const runOf = (id: string, given: Partial<RunView> = {}): RunView => ({
  id: `${id}-run`, experiment: id, state: 'running', phase: 'action', steps: [], startedAt: '', startedUptimeSeconds: 0, finishedAt: null, prediction: null, answer: null, verdict: null, error: null, ...given
})

const finished = (id: string, outcome: Outcome, given: Partial<RunView> = {}) => runOf(id, {
  state: 'finished',
  answer: 'killed',
  steps: [{ atSeconds: 2, text: 'posting' }],
  verdict: {
    outcome,
    summary: 'It was so.',
    checks: [{ claim: 'killed once', source: 'worker: memory.events oom_kill', saw: '+1', holds: outcome === 'holds' }]
  },
  ...given
})

interface Lab {
  /** The views of each run, one after the other. The last one stays. */
  seen: Record<string, RunView[]>
  refusals?: Refused[]
}

interface Given { json?: boolean, predict?: string, isPatient?: boolean }

async function runs (
  ids: string[], { seen, refusals = [] }: Lab, given: Given = {}, signal = new AbortController().signal
) {
  const printed: string[] = []
  const asked: string[] = []
  const ask = async <T> (path: string, { method = 'GET', body }: LabRequest = {}): Promise<T> => {
    asked.push(`${method} ${path}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`)
    if (method === 'POST') {
      const refusal = refusals.shift()
      if (refusal !== undefined) throw refusal
      return runOf(path.split('/')[3]!) as T
    }
    const views = seen[path.split('/').at(-1)!.replace('-run', '')]!
    return { ...(views.length > 1 ? views.shift() : views[0]), recording: null, facts: null } as T
  }
  const terminal = { isTerminal: false, print: (text: string) => printed.push(text) }
  const options = { predict: undefined, json: false, isPatient: false, ...given }
  const code = await runEach(ids.map(experiment), options, { ask, terminal, signal })
  return { code, text: printed.join(''), asked }
}

test('a run that holds exits 0 and shows file, count and summary', async () => {
  const { code, text } = await runs(['oom'], { seen: { oom: [runOf('oom'), finished('oom', 'holds')] } })
  expect(code).toBe(0)
  expect(text).toBe('oom: What happens?\n  … posting\n  holds: It was so.\n    ✓ killed once   +1   worker: memory.events oom_kill\n\n')
})

test.each(['does_not_hold', 'not_measured'] as const)('a run whose verdict is %s exits 1 and gives hints', async outcome => {
  const { code, text } = await runs(['oom'], { seen: { oom: [finished('oom', outcome)] } })
  expect(code).toBe(1)
  expect(text).toContain('  possible reasons:\n  - Look again.')
})

test('an experiment that was not measured is run again with all, at most twice, but not by itself', async () => {
  const seen = () => ({
    a: [finished('a', 'not_measured'), finished('a', 'holds')],
    b: [finished('b', 'not_measured')]
  })
  const { code, text, asked } = await runs(['a', 'b'], { seen: seen() }, { isPatient: true })
  expect(code).toBe(1)
  expect(text).toMatch(/a: once more, because it was not measured\n[^]*\na {3}holds\nb {3}not measured\n1 of 2 hold\n$/)
  const starts = (id: string, asked: string[]) =>
    asked.filter(what => what.startsWith(`POST /api/experiments/${id}/`)).length
  expect([starts('a', asked), starts('b', asked)]).toEqual([2, 3])
  expect(starts('a', (await runs(['a'], { seen: seen() })).asked)).toBe(1)
})

test('an experiment that cannot be measured here is named and does not count as a failure', async () => {
  const { code, text } = await runs(['a', 'b'], {
    seen: { a: [finished('a', 'not_here')], b: [finished('b', 'holds')] }
  })
  expect(code).toBe(0)
  expect(text).toMatch(/a {3}not measured here\nb {3}holds\n1 of 2 hold, 1 cannot be measured here\n$/)
})

test('a run that failed exits 1 and says why', async () => {
  const { code, text } = await runs(['oom'], {
    seen: { oom: [runOf('oom', { state: 'failed', error: 'it took too long' })] }
  })
  expect([code, text]).toEqual([1, expect.stringContaining('failed: it took too long')])
})

test('an experiment that does not hold does not prevent the next one, and the exit code is 1', async () => {
  const { code, text } = await runs(['a', 'b'], {
    seen: { a: [finished('a', 'does_not_hold')], b: [finished('b', 'holds')] }
  })
  expect(code).toBe(1)
  expect(text).toMatch(/a {3}does not hold\nb {3}holds\n1 of 2 hold\n$/)
})

test('a wrong prediction is printed with the claim', async () => {
  const seen = { oom: [finished('oom', 'holds', { prediction: 'slow' })] }
  const { text, asked } = await runs(['oom'], { seen }, { predict: 'slow' })
  expect(asked[0]).toBe('POST /api/experiments/oom/runs {"prediction":"slow"}')
  expect(text).toContain('You predicted "slow"; the claim is "killed": It is killed.')
})

test('--json prints one line a run and nothing else', async () => {
  const { text } = await runs(['oom'], { seen: { oom: [finished('oom', 'holds')] } }, { json: true })
  expect(JSON.parse(text)).toEqual(finished('oom', 'holds'))
})

test('a stack that is not at rest refuses a single run, and with all it is waited for', async () => {
  const refused = () => new Refused('stack_not_ready', 'redis is restarting')
  await expect(runs(['oom'], { seen: {}, refusals: [refused()] })).rejects.toThrow('redis is restarting')
  const { code } = await runs(
    ['oom'],
    { seen: { oom: [finished('oom', 'holds')] }, refusals: [refused(), refused()] },
    { isPatient: true }
  )
  expect(code).toBe(0)
})

test('Ctrl-C cancels the run and starts no other', async () => {
  const stopping = new AbortController()
  const views = [runOf('a'), runOf('a', { state: 'cancelled' })]
  const seen = { get a () { stopping.abort(); return views } }
  const { code, asked } = await runs(['a', 'b'], { seen }, {}, stopping.signal)
  expect(code).toBe(1)
  expect(asked.filter(what => !what.startsWith('GET'))).toEqual(['POST /api/experiments/a/runs {"prediction":null}', 'DELETE /api/runs/a-run'])
})
