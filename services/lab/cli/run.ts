import { setTimeout as delay } from 'node:timers/promises'
import type { Check, ExperimentView, Run, RunView } from '#lab/wire/experiments.ts'
import { outcomeWords } from '#lab/words.ts'
import { askLab, Refused, type LabRequest } from './ask.ts'
import { readOptions, UsageError, type Command, type ExitCode, type Terminal } from './command.ts'

export const runCommand: Command = {
  name: 'run',
  synopsis: 'run <experiment>|all [--predict <choice>] [--json]',
  help: `
run: runs an experiment, or all of them, and prints the verdict
  --predict   the choice you expect (lab experiments lists them)
  --json      as JSON: one line for each run
  With all, an experiment that could not be measured is run again, at most twice.
  Ctrl-C cancels the run, and everything is put back.`,
  run: async (args, { url, terminal, signal }) => {
    const options = { predict: { type: 'string' }, json: { type: 'boolean' } } as const
    const { values: { predict, json = false }, words: [id] } = readOptions(args, options, 1)
    if (id === undefined) throw new UsageError('run needs an experiment, or all')
    const ask: Ask = (path, request) => askLab(`${url}${path}`, request)
    const { experiments } = await ask<{ experiments: ExperimentView[] }>('/api/experiments')
    return runEach(chosen(experiments, id), { predict, json, isPatient: id === 'all' }, { ask, terminal, signal })
  }
}

type Ask = <T>(path: string, request?: LabRequest) => Promise<T>

interface RunOptions {
  predict: string | undefined
  json: boolean
  /** Waits for a stack that is not at rest yet instead of reporting it, and repeats what was not measured. */
  isPatient: boolean
}

interface RunContext { ask: Ask, terminal: Terminal, signal: AbortSignal }

const POLL_MS = 250
/** The recovery is short, and with all the next run waits for its end. */
const RECOVERY_POLL_MS = 50
const PATIENCE_MS = 180_000
const MAX_TRIES = 3

/** @throws UsageError */
function chosen (experiments: ExperimentView[], id: string): ExperimentView[] {
  const found = id === 'all' ? experiments : experiments.filter(experiment => experiment.id === id)
  if (found.length > 0) return found
  const known = experiments.map(({ id }) => id).join(', ')
  throw new UsageError(`unknown experiment ${JSON.stringify(id)}; there are ${known}`)
}

/** One after the other. An experiment that does not hold does not prevent the next one. */
export async function runEach (
  experiments: ExperimentView[], options: RunOptions, context: RunContext
): Promise<ExitCode> {
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
 * A machine that was short of CPU time for a while could not be measured. That says nothing about the claim, so a
 * patient command tries again.
 */
async function runUntilMeasured (
  experiment: ExperimentView, options: RunOptions, context: RunContext
): Promise<RunView> {
  const { terminal, signal } = context
  for (let tries = 1; ; tries++) {
    const run = await runOne(experiment, options, context)
    terminal.print(options.json ? `${JSON.stringify(run)}\n` : verdictText(run, experiment))
    const isMeasured = run.verdict?.outcome !== 'not_measured'
    if (isMeasured || !options.isPatient || tries === MAX_TRIES || signal.aborted) return run
    if (!options.json) terminal.print(`${experiment.id}: once more, because it was not measured\n`)
  }
}

function isFine ({ verdict }: RunView): boolean {
  return verdict?.outcome === 'holds' || verdict?.outcome === 'not_here'
}

async function runOne (experiment: ExperimentView, options: RunOptions, context: RunContext): Promise<RunView> {
  const { ask, terminal, signal } = context
  const { id } = await start(experiment, options, context)
  const cancel = () => { ask(`/api/runs/${id}`, { method: 'DELETE' }).catch(() => {}) }
  signal.addEventListener('abort', cancel)
  let printedSteps = 0
  for (;;) {
    const { recording: _, facts: __, ...run } = await ask<Run>(`/api/runs/${id}`)
    if (!options.json) for (const { text } of run.steps.slice(printedSteps)) terminal.print(`  … ${text}\n`)
    printedSteps = run.steps.length
    if (run.state !== 'running') {
      signal.removeEventListener('abort', cancel)
      return run
    }
    await delay(run.phase === 'recovery' ? RECOVERY_POLL_MS : POLL_MS)
  }
}

async function start (
  experiment: ExperimentView, { predict, isPatient }: RunOptions, context: RunContext
): Promise<RunView> {
  const { ask, terminal, signal } = context
  const deadline = performance.now() + PATIENCE_MS
  let lastMessage = ''
  for (;;) {
    try {
      const body = { prediction: predict ?? null }
      return await ask<RunView>(`/api/experiments/${experiment.id}/runs`, { method: 'POST', body })
    } catch (err) {
      const mayPass = err instanceof Refused && err.code === 'stack_not_ready'
      if (!mayPass || !isPatient || performance.now() >= deadline || signal.aborted) throw err
      if (err.message !== lastMessage && terminal.isTerminal) {
        lastMessage = err.message
        terminal.print(`  … ${lastMessage}\n`)
      }
      await delay(POLL_MS)
    }
  }
}

/** The outcome of a run, with the kernel's evidence. */
function verdictText (run: RunView, { choices, ifYouSawSomethingElse }: ExperimentView): string {
  const { verdict } = run
  if (verdict === null) return `  ${run.state}${run.error === null ? '' : `: ${run.error}`}\n\n`
  const needsHints = verdict.outcome === 'does_not_hold' || verdict.outcome === 'not_measured'
  return [
    `  ${outcomeWords[verdict.outcome]}: ${verdict.summary}`,
    ...predictionLines(run, choices),
    ...checkLines(verdict.checks),
    ...(needsHints ? hintLines(ifYouSawSomethingElse) : []),
    '', ''
  ].join('\n')
}

/** Not all of them can be true at once. */
function hintLines (hints: string[]): string[] {
  return hints.length === 0 ? [] : ['  possible reasons:', ...hints.map(hint => `  - ${hint}`)]
}

function predictionLines ({ prediction, answer }: RunView, choices: ExperimentView['choices']): string[] {
  if (prediction === null) return []
  if (prediction === answer) return ['  You predicted it.']
  const right = choices.find(({ id }) => id === answer)?.text ?? ''
  return [`  You predicted ${JSON.stringify(prediction)}; the claim is ${JSON.stringify(answer)}: ${right}`]
}

const marks = new Map<Check['holds'], string>([[true, '✓'], [false, '✗'], [null, '?']])

function checkLines (checks: Check[]): string[] {
  const width = (key: 'claim' | 'saw') => Math.max(0, ...checks.map(check => check[key].length))
  return checks.map(({ claim, source, saw, holds }) =>
    `    ${marks.get(holds)} ${claim.padEnd(width('claim'))}   ${saw.padEnd(width('saw'))}   ${source}`)
}

/** One line for each run, then how many hold. */
function summaryOf (runs: RunView[]): string {
  const width = Math.max(0, ...runs.map(({ experiment }) => experiment.length))
  const count = (outcome: string) => runs.filter(({ verdict }) => verdict?.outcome === outcome).length
  const lines = runs.map(({ experiment, verdict, state }) =>
    `${experiment.padEnd(width)}   ${verdict === null ? state : outcomeWords[verdict.outcome]}`)
  const elsewhere = count('not_here') === 0 ? '' : `, ${count('not_here')} cannot be measured here`
  return `${lines.join('\n')}\n${count('holds')} of ${runs.length} hold${elsewhere}\n`
}
