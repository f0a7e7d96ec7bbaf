import { expectedLines, linesOf, match } from './match.ts'

/** A block's new text, put in place of the lines that are there. */
export interface Renewal {
  path: string
  /** The first line of the block's old text, and how many there are. */
  line: number
  count: number
  indent: string
  text: string
}

/**
 * The text that a block should show after a new run. If the old one matches, only what differs from run to run is
 * renewed and `…` stays; otherwise it is the whole output.
 */
export function renewed (expected: string, actual: string, varyNumbers: boolean): string {
  const matched = match(expected, actual, varyNumbers)
  if (!matched.matches) return linesOf(actual).join('\n')
  return expectedLines(expected, varyNumbers).map(({ text, segments, pattern }, i) => {
    if (segments === null) return text
    const groups = pattern.exec(matched.actualOf[i]!)!
    return segments.map(({ text, renews }, k) => renews ? groups[k + 1]! : text).join('')
  }).join('\n')
}

/** Puts the renewals of one file into its text. */
export function withRenewals (text: string, renewals: Renewal[]): string {
  const lines = text.split('\n')
  for (const { line, count, indent, text } of renewals.toSorted((a, b) => b.line - a.line)) {
    if (/^\s*```/m.test(text)) throw new Error(`line ${line}: the output holds a fence, and cannot stand between fences`)
    const put = text === '' ? [] : text.split('\n').map(line => line === '' ? '' : indent + line)
    lines.splice(line - 1, count, ...put)
  }
  return lines.join('\n')
}
