import { parseArgs, type ParseArgsConfig } from 'node:util'

/** Where a command writes. */
export interface Terminal {
  isTerminal: boolean
  print: (text: string) => void
}

export interface Context {
  /** The lab's address, without a slash at the end. */
  url: string
  terminal: Terminal
  /** Aborted by Ctrl-C. */
  signal: AbortSignal
}

/** 0 = fine, 1 = something did not hold, 2 = wrong usage, or the lab does not answer or refuses. */
export type ExitCode = 0 | 1 | 2

/** `lab <name> …` */
export interface Command {
  name: string
  /** What may follow `lab`: `ps [--watch] [--json]`. */
  synopsis: string
  /** For the usage: what the command does, then a line for each option. */
  help: string
  /** @throws UsageError, Unreachable, Refused */
  run: (args: string[], context: Context) => Promise<ExitCode>
}

export class UsageError extends Error {
  override name = 'UsageError'
}

export function usageOf (commands: Command[]): string {
  const synopses = commands.map(({ synopsis }, i) => `${i === 0 ? 'Usage:' : '      '} lab ${synopsis}`)
  return `${synopses.join('\n')}\n\n${commands.map(({ help }) => help.trim()).join('\n\n')}\n
Exit code: 0 = fine, 1 = something did not hold, 2 = wrong usage, or the lab does not answer or refuses.\n`
}

/** Returns `null` if the words ask for help. @throws UsageError */
export function chooseCommand (words: string[], commands: Command[]): { command: Command, args: string[] } | null {
  const [name, ...args] = words
  if (words.some(word => word === '--help' || word === '-h')) return null
  if (name === undefined) throw new UsageError('no command given')
  const command = commands.find(command => command.name === name)
  if (command === undefined) throw new UsageError(`unknown command ${JSON.stringify(name)}`)
  return { command, args }
}

type Options = NonNullable<ParseArgsConfig['options']>

/** The options of one command, and at most `words` words beside them. @throws UsageError */
export function readOptions<T extends Options> (args: string[], options: T, words = 0) {
  const { values, positionals } = parsed(args, options)
  if (positionals.length > words) throw new UsageError(`unexpected ${JSON.stringify(positionals[words])}`)
  return { values, words: positionals }
}

function parsed<T extends Options> (args: string[], options: T) {
  try {
    return parseArgs({ args, allowPositionals: true, options })
  } catch (err) {
    throw new UsageError((err as Error).message)
  }
}

/** The value of an option. @throws UsageError */
export function readNumber (name: string, text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new UsageError(`${name}: expected a number, got ${JSON.stringify(text)}`)
  return Number(text)
}

const unitSeconds: Record<string, number> = { ms: 0.001, s: 1, m: 60 }

/** `500ms`, `20s`, `2m`; a number alone is seconds. @throws UsageError */
export function readSeconds (name: string, text: string): number {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text) ?? []
  if (amount === undefined) {
    throw new UsageError(`${name}: expected a duration like 500ms, 20s or 2m, got ${JSON.stringify(text)}`)
  }
  return Number(amount) * unitSeconds[unit]!
}

/** `20%`, `0.1%`. @throws UsageError */
export function readShare (name: string, text: string): number {
  const [, percent] = /^(\d+(?:\.\d+)?)\s?%$/.exec(text) ?? []
  if (percent === undefined) throw new UsageError(`${name}: expected a share like 20% or 0.1%, got ${JSON.stringify(text)}`)
  return Number(percent) / 100
}

/** @throws UsageError */
export function readJson (name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`${name} is not valid JSON`)
  }
}
