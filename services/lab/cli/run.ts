import { setTimeout as delay } from 'node:timers/promises'
import type { ExperimentView, Run, RunView } from '#lab/wire/experiments.ts'
import { readOptions, UsageError } from './arguments.ts'
import { askLab, Refused, type LabRequest } from './ask.ts'
import type { Command, ExitCode, Terminal } from './command.ts'
import { linesOf, summaryOf } from './verdict.ts'

export const runCommand: Command = {
  name: 'run',
  synopsis: 'run <experiment>|all [--predict <choice>] [--json]',
  help: `
run: runs an experiment, or all of them, and prints the verdict
  --predict   which choice you expect (lab experiments lists them)
  --json      as JSON: one line a run
  With all, what could not be measured is run again, up to twice.
  Ctrl-C cancels the run, and everything is put back.`,
  run: async (args, { url, terminal, signal }) => {
    const { values: { predict, json = false }, words: [id] } = readOptions(args, { predict: { type: 'string' }, json: { type: 'boolean' } }, 1)
    if (id === undefined) throw new UsageError('run what? an experiment, or all')
    const ask: Ask = (path, question) => askLab(`${url}${path}`, question)
    const { experiments } = await ask<{ experiments: ExperimentView[] }>('/api/experiments')
    return runEach(chosen(experiments, id), { predict, json, isPatient: id === 'all' }, { ask, terminal, signal })
  }
}

type Ask = <T>(path: string, question?: LabRequest) => Promise<T>

interface Options {
  predict: string | undefined
  json: boolean
  /** Waits for a stack that is not at rest yet, instead of saying so, and runs again what was not measured. */
  isPatient: boolean
}

interface Context { ask: Ask, terminal: Terminal, signal: AbortSignal }

const POLL_MS = 250
const PATIENCE_MS = 180_000
const TRIES = 3

/** @throws UsageError */
function chosen (experiments: ExperimentView[], id: string): ExperimentView[] {
  const found = id === 'all' ? experiments : experiments.filter(experiment => experiment.id === id)
  if (found.length === 0) throw new UsageError(`unknown experiment ${JSON.stringify(id)}; there are ${experiments.map(({ id }) => id).join(', ')}`)
  return found
}

/** One after the other; one that does not hold does not keep the next from its turn. */
export async function runEach (experiments: ExperimentView[], options: Options, context: Context): Promise<ExitCode> {
  const { terminal, signal } = context
  const runs: RunView[] = []
  for (const experiment of experiments) {
    if (signal.aborted) break
    if (!options.json) terminal.print(`${experiment.id}: ${experiment.question}\n`)
    runs.push(await runUntilMeasured(experiment, options, context))
  }
  if (!options.json && experiments.length > 1) terminal.print(summaryOf(runs))
  return runs.length === experiments.length && runs.every(isFine) ? 0 : 1
}

/**
 * A machine that was short of CPU time for a while let nothing be measured, which says nothing about the claim: who
 * runs all has it asked again.
 */
async function runUntilMeasured (experiment: ExperimentView, options: Options, context: Context): Promise<RunView> {
  const { terminal, signal } = context
  for (let tries = 1; ; tries++) {
    const run = await runOne(experiment, options, context)
    terminal.print(options.json ? `${JSON.stringify(run)}\n` : linesOf(run, experiment))
    if (run.verdict?.outcome !== 'not_measured' || !options.isPatient || tries === TRIES || signal.aborted) return run
    if (!options.json) terminal.print(`${experiment.id}: once more, because it was not measured\n`)
  }
}

function isFine ({ verdict }: RunView): boolean {
  return verdict?.outcome === 'holds' || verdict?.outcome === 'not_here'
}

async function runOne (experiment: ExperimentView, options: Options, context: Context): Promise<RunView> {
  const { ask, terminal, signal } = context
  const { id } = await start(experiment, options, context)
  const cancel = () => { ask(`/api/runs/${id}`, { method: 'DELETE' }).catch(() => {}) }
  signal.addEventListener('abort', cancel)
  let told = 0
  for (;;) {
    const { recording: _, facts: __, ...run } = await ask<Run>(`/api/runs/${id}`)
    if (!options.json) for (const { text } of run.steps.slice(told)) terminal.print(`  … ${text}\n`)
    told = run.steps.length
    if (run.state !== 'running') {
      signal.removeEventListener('abort', cancel)
      return run
    }
    await delay(POLL_MS)
  }
}

async function start ({ id }: ExperimentView, { predict, isPatient }: Options, { ask, terminal, signal }: Context): Promise<RunView> {
  const deadline = performance.now() + PATIENCE_MS
  let told = ''
  for (;;) {
    try {
      return await ask<RunView>(`/api/experiments/${id}/runs`, { method: 'POST', body: { prediction: predict ?? null } })
    } catch (err) {
      const mayPass = err instanceof Refused && err.code === 'stack_not_ready' && isPatient && performance.now() < deadline && !signal.aborted
      if (!mayPass) throw err
      if (err.message !== told && terminal.isTerminal) terminal.print(`  … ${told = err.message}\n`)
      await delay(POLL_MS)
    }
  }
}
