import type { Expected, Step } from './block.ts'
import type { Script } from './comment.ts'
import { linesOf, match } from './match.ts'
import type { Ran } from './terminal.ts'

/** A problem in the file of the chapter. */
export interface Found { line: number, message: string, details: string[] }

const MAX_LINES = 30

/** What is wrong with how a step ended, or `null`. */
export function exitProblem (step: Step, ran: Ran, toReader: (text: string) => string): Found | null {
  const output = outputDetails(toReader(ran.output))
  if (ran.how === 'timed out') {
    return { line: step.line, message: `the step did not end within ${step.withinSeconds} s`, details: output }
  }
  if (ran.how === 'the shell ended') {
    return { line: step.line, message: 'the step ended the terminal that it ran in', details: output }
  }
  const wanted = step.exit ?? 0
  const isRight = wanted === 'any' || (wanted === 'nonzero' ? ran.status !== 0 : ran.status === wanted)
  if (isRight) return null
  return {
    line: lineOf(step.commands, step.line, ran.failed),
    message: 'the step ended with another exit status',
    details: [`expected ${wanted}`, `got      ${ran.status}${ran.failed === '' ? '' : ` of ${ran.failed}`}`, ...output]
  }
}

/** What is wrong with how a setup, a claim or an after ended, or `null`. */
export function scriptProblem (script: Script, ran: Ran, toReader: (text: string) => string): Found | null {
  if (ran.how === 'ended' && ran.status === 0) return null
  const how = {
    ended: `got      exit status ${ran.status}${ran.failed === '' ? '' : ` of ${ran.failed}`}`,
    'timed out': `got      no end within ${script.withinSeconds} s`,
    'the shell ended': 'got      the end of the terminal'
  }
  return {
    line: lineOf(script.commands, script.line + 1, ran.failed),
    message: script.kind === 'claim' ? `the claim does not hold: ${script.sentence}` : `the ${script.kind} failed`,
    details: ['expected exit status 0', how[ran.how], ...outputDetails(toReader(ran.output))]
  }
}

/** Where an output differs from what the chapter shows, or `null`. */
export function compared (expected: Expected, output: string): Found | null {
  const matched = match(expected.text, output, expected.varyNumbers)
  if (matched.matches) return null
  const { expectedIndex, actualIndex } = matched.difference
  const shown = linesOf(expected.text)
  const leading = expected.text.split('\n').findIndex(line => line.trim() !== '')
  const came = linesOf(output)
  const isAfterGap = (shown[(expectedIndex ?? shown.length) - 1] ?? '').trim() === '…'
  return {
    line: expected.line + Math.max(0, leading) + (expectedIndex ?? Math.max(0, shown.length - 1)),
    message: 'the output differs',
    details: [
      `expected ${expectedIndex === null ? '(nothing more)' : shown[expectedIndex]}${isAfterGap ? ' (after any lines)' : ''}`,
      `got      ${actualIndex === null ? '(nothing more)' : came[actualIndex]}`,
      ...outputDetails(output)
    ]
  }
}

/** The line of the command that failed, as far as the shell's name for it can be found among them. */
export function lineOf (commands: string, firstLine: number, failed: string): number {
  const [head = ''] = failed.split('\n')
  const at = head === '' ? -1 : commands.split('\n').findIndex(line => line.includes(head))
  return firstLine + Math.max(0, at)
}

function outputDetails (output: string): string[] {
  const lines = linesOf(output)
  if (lines.length === 0) return ['there was no output']
  const left = lines.length - MAX_LINES
  const shown = left > 0 ? [`(${left} lines before)`, ...lines.slice(-MAX_LINES)] : lines
  return ['the output:', ...shown.map(line => `  ${line}`)]
}
