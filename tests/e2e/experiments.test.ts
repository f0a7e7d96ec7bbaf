import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { experiments } from '#lab/experiments/all.ts'
import type { RunView } from '#lab/wire/experiments.ts'
import { labJson } from './support/lab-command.ts'
import { compose, composeWith, untilHealthy } from './support/stack.ts'

/** Of the last run of each; where a machine did not let an experiment measure, its reason is in the failure. */
function outcomes (runs: RunView[]): Record<string, string> {
  return Object.fromEntries(runs.map(({ experiment, state, verdict, error }) =>
    [experiment, verdict === null ? `${state}: ${error}` : verdict.outcome === 'holds' ? 'holds' : JSON.stringify(verdict)]))
}

const withoutBroker: unknown = expect.stringMatching(/"not_here".*compose\.limits\.yaml/)

beforeAll(() => untilHealthy(), 130_000)

test('every experiment holds on the stack as it is, except those that need a broker, and the command exits 0', async () => {
  const { exitCode, printed } = await labJson<RunView>('run', 'all')
  expect([...new Set(printed.map(({ experiment }) => experiment))]).toEqual(experiments.map(({ id }) => id))
  expect(outcomes(printed)).toEqual(Object.fromEntries(experiments.map(({ id, requires }) =>
    [id, requires?.includes('broker') ? withoutBroker : 'holds'])))
  expect(exitCode).toBe(0)
}, 900_000)

describe('without the limit that a claim is about', () => {
  afterAll(async () => {
    await compose('up', '--detach', '--wait', 'worker')
  }, 130_000)

  test('memory-limit does not hold and says why', async () => {
    await composeWith({ WORKER_MEMORY: '4g' }, 'up', '--detach', '--wait', 'worker')
    const { exitCode, printed: [run] } = await labJson<RunView>('run', 'memory-limit')
    expect([exitCode, run?.verdict?.outcome, run?.verdict?.summary]).toEqual([1, 'does_not_hold', 'The job of 512 MiB succeeded: the worker\'s limit is 4096 MiB.'])
  }, 180_000)

  test('cpu-limit does not hold and says why', async () => {
    await composeWith({ WORKER_CPUS: '0' }, 'up', '--detach', '--wait', 'worker')
    const { exitCode, printed: [run] } = await labJson<RunView>('run', 'cpu-limit')
    expect([exitCode, run?.verdict?.outcome]).toEqual([1, 'does_not_hold'])
    expect(JSON.stringify(run?.verdict)).toContain('max')
  }, 180_000)
})
