import { patternOf, segmentsOf, type Segment } from './pattern.ts'

/** What a line of the expected output is compared with; `segments` is `null` for a line of only `…`. */
export interface ExpectedLine {
  text: string
  segments: Segment[] | null
  pattern: RegExp
}

/** Where expected and actual output part; the index of a line, or `null` for the end. */
export interface Difference {
  expectedIndex: number | null
  actualIndex: number | null
}

export type Match =
  /** For each expected line the actual line that it matched; `null` for a line of only `…`. */
  | { matches: true, actualOf: Array<string | null> }
  | { matches: false, difference: Difference }

export function expectedLines (text: string, varyNumbers: boolean): ExpectedLine[] {
  return linesOf(text).map(text => {
    const segments = text.trim() === '…' ? null : segmentsOf(text, varyNumbers)
    return { text, segments, pattern: patternOf(segments ?? []) }
  })
}

/** Spaces at the end of a line and empty lines around the text do not count. */
export function linesOf (text: string): string[] {
  const lines = text.split('\n').map(line => line.trimEnd())
  while (lines.at(-1) === '') lines.pop()
  while (lines[0] === '') lines.shift()
  return lines
}

/** Compares line by line; a line of only `…` stands for any number of lines, and for as few as possible. */
export function match (expected: string, actual: string, varyNumbers: boolean): Match {
  const wanted = expectedLines(expected, varyNumbers)
  const came = linesOf(actual)
  const dead = new Set<number>()
  const reached = { expected: -1, actual: 0 }

  /** The actual lines that the expected ones from `i` on match, or `null`. */
  const from = (i: number, j: number): Array<string | null> | null => {
    if (i > reached.expected) Object.assign(reached, { expected: i, actual: j })
    if (i === wanted.length) return j === came.length ? [] : null
    const key = i * (came.length + 1) + j
    if (dead.has(key)) return null
    const found = wanted[i]!.segments === null ? afterGap(i, j) : afterLine(i, j)
    if (found === null) dead.add(key)
    return found
  }
  const afterLine = (i: number, j: number): Array<string | null> | null => {
    const line = came[j]
    if (line === undefined || !wanted[i]!.pattern.test(line)) return null
    const rest = from(i + 1, j + 1)
    return rest && [line, ...rest]
  }
  const afterGap = (i: number, j: number): Array<string | null> | null => {
    for (let next = j; next <= came.length; next++) {
      const rest = from(i + 1, next)
      if (rest !== null) return [null, ...rest]
    }
    return null
  }

  const actualOf = from(0, 0)
  if (actualOf !== null) return { matches: true, actualOf }
  return { matches: false, difference: differenceAt(reached.expected, reached.actual, wanted.length, came.length) }
}

function differenceAt (expected: number, actual: number, wanted: number, came: number): Difference {
  return { expectedIndex: expected < wanted ? expected : null, actualIndex: actual < came ? actual : null }
}
