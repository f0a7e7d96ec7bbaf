import type { Check, ExperimentView, Outcome, RunView } from '#lab/wire/experiments.ts'

const words: Record<Outcome, string> = { holds: 'holds', does_not_hold: 'does not hold', not_measured: 'not measured', not_here: 'not measured here' }

/** What a run came to, with the kernel's evidence. */
export function linesOf (run: RunView, { choices, ifYouSawSomethingElse }: ExperimentView): string {
  const { verdict } = run
  if (verdict === null) return `  ${run.state}${run.error === null ? '' : `: ${run.error}`}\n\n`
  const hints = ['holds', 'not_here'].includes(verdict.outcome) ? [] : ifYouSawSomethingElse.map(hint => `  - ${hint}`)
  return [`  ${words[verdict.outcome]}: ${verdict.summary}`, ...predictionLines(run, choices), ...checkLines(verdict.checks), ...hints, '', ''].join('\n')
}

function predictionLines ({ prediction, answer }: RunView, choices: ExperimentView['choices']): string[] {
  if (prediction === null) return []
  const right = choices.find(({ id }) => id === answer)?.text ?? ''
  return [prediction === answer ? '  You predicted it.' : `  You predicted ${JSON.stringify(prediction)}; the claim is ${JSON.stringify(answer)}: ${right}`]
}

const marks = new Map<Check['holds'], string>([[true, '✓'], [false, '✗'], [null, '?']])

function checkLines (checks: Check[]): string[] {
  const width = (key: 'claim' | 'saw') => Math.max(0, ...checks.map(check => check[key].length))
  return checks.map(({ claim, source, saw, holds }) =>
    `    ${marks.get(holds)} ${claim.padEnd(width('claim'))}   ${saw.padEnd(width('saw'))}   ${source}`)
}

/** One line a run. */
export function summaryOf (runs: RunView[]): string {
  const width = Math.max(0, ...runs.map(({ experiment }) => experiment.length))
  const held = runs.filter(({ verdict }) => verdict?.outcome === 'holds').length
  const lines = runs.map(({ experiment, verdict, state }) => `${experiment.padEnd(width)}   ${verdict === null ? state : words[verdict.outcome]}`)
  const elsewhere = runs.filter(({ verdict }) => verdict?.outcome === 'not_here').length
  return `${lines.join('\n')}\n${held} of ${runs.length} hold${elsewhere === 0 ? '' : `, ${elsewhere} cannot be measured here`}\n`
}
