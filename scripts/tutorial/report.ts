import type { Problem, Skip } from './problem.ts'

/** What a report sums up. */
export interface Results {
  passed: number
  problems: Problem[]
  skipped: Skip[]
}

/** The problem's first line can be clicked in most terminals and editors. */
export function problemText ({ path, line, message, details }: Problem): string {
  return [`${path}:${line}: ${message}`, ...details.map(detail => `    ${detail}`)].join('\n')
}

export function skipText ({ path, line, what, reason }: Skip): string {
  return `skipped ${path}:${line}: ${what} (${reason})`
}

export function closing ({ passed, problems, skipped }: Results): string {
  return `${passed} passed, ${problems.length} failed, ${skipped.length} skipped`
}

/** Everything that is to be read at the end. */
export function report (results: Results): string {
  return [
    ...results.skipped.map(skipText),
    ...results.problems.map(problemText),
    closing(results)
  ].join('\n') + '\n'
}

export function sum (all: Results[]): Results {
  return {
    passed: all.reduce((total, { passed }) => total + passed, 0),
    problems: all.flatMap(({ problems }) => problems),
    skipped: all.flatMap(({ skipped }) => skipped)
  }
}
