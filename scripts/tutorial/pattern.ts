/**
 * A piece of a line of expected output: what stands in the chapter, and what matches it. `renews` if a new run's text
 * takes its place.
 */
export interface Segment {
  text: string
  pattern: string
  renews: boolean
}

const ID = '(?:[0-9a-f]{64}|[0-9a-f]{12})'
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const TIME = '\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:Z|[-+]\\d\\d:\\d\\d)'
const UNIT = '(?:%|[kKMGT]i?B|B|[kKMG]|[kMG]?Hz|ns|[µμ]s|us|ms|s|min|m|h|d|seconds?|minutes?|hours?|days?)(?![A-Za-z])'
const DURATION = '(?:\\d+(?:\\.\\d+)?(?:d|h|ms|[µμ]s|us|ns|m|s)){2,}(?![A-Za-z])'
const AMOUNT = `\\d[\\d,]*(?:\\.\\d+)?(?:[eE][-+]?\\d+)?(?: ?${UNIT})?`
const NUMBER = `(?:0x[0-9a-f]+|${DURATION}|${AMOUNT})`

/**
 * The kinds of text that differ from run to run. In the chapter an id of twelve digits has a letter, otherwise it is a
 * number; and a digit after a letter, as in v2 and p99, belongs to a name.
 */
const kinds = {
  gap: '…',
  uuid: `(?<![\\w-])${UUID}(?!\\w)`,
  time: `(?<!\\d)${TIME}(?!\\w)`,
  id: '(?<!\\w)(?:[0-9a-f]{64}|(?=\\d*[a-f])[0-9a-f]{12})(?!\\w)',
  space: '[ \\t]+',
  number: `(?:(?<![\\w)\\]])[-+])?(?<![A-Za-z_][\\d.,]*)${NUMBER}`
}

const patterns: Record<string, string> = {
  gap: '.*', uuid: UUID, time: TIME, id: ID, space: '[ \\t]+', number: `[-+]?${NUMBER}`
}

const alternatives = ({ number, ...always }: typeof kinds, varyNumbers: boolean): string =>
  Object.entries({ ...always, ...(varyNumbers && { number }) })
    .map(([name, pattern]) => `(?<${name}>${pattern})`)
    .join('|')

/** Cuts a line of expected output into what stays and what differs from run to run. */
export function segmentsOf (line: string, varyNumbers: boolean): Segment[] {
  const segments: Segment[] = []
  let end = 0
  for (const found of line.matchAll(new RegExp(alternatives(kinds, varyNumbers), 'g'))) {
    if (found.index > end) segments.push(literal(line.slice(end, found.index)))
    const kind = Object.keys(found.groups!).find(name => found.groups![name] !== undefined)!
    segments.push({ text: found[0], pattern: patterns[kind]!, renews: kind !== 'gap' })
    end = found.index + found[0].length
  }
  if (end < line.length) segments.push(literal(line.slice(end)))
  return withAlignment(segments)
}

/** Numbers at the start of lines are aligned on the right: how many spaces are before one depends on its length. */
function withAlignment (segments: Segment[]): Segment[] {
  const [first, second, ...rest] = segments
  const isNumber = (segment: Segment | undefined): boolean => segment?.pattern === patterns.number
  if (isNumber(first)) return [{ ...first!, pattern: `[ \\t]*${first!.pattern}` }, ...segments.slice(1)]
  const isAligned = first?.pattern === patterns.space && isNumber(second)
  if (isAligned) return [{ ...first!, pattern: '[ \\t]*' }, second!, ...rest]
  return segments
}

function literal (text: string): Segment {
  return { text, pattern: text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), renews: false }
}

/** Each segment is a group. */
export function patternOf (segments: Segment[]): RegExp {
  return new RegExp(`^${segments.map(({ pattern }) => `(${pattern})`).join('')}$`)
}
