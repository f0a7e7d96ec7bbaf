import { parseArgs, type ParseArgsConfig } from 'node:util'
import type { Command } from './command.ts'

export class UsageError extends Error {
  override name = 'UsageError'
}

export function usageOf (commands: Command[]): string {
  const synopses = commands.map(({ synopsis }, i) => `${i === 0 ? 'Usage:' : '      '} lab ${synopsis}`)
  return `${synopses.join('\n')}\n\n${commands.map(({ help }) => help.trim()).join('\n\n')}\n
Exit code: 0 = fine, 1 = something did not hold, 2 = wrong usage, or the lab does not answer or refuses.\n`
}

/** `null`: help is asked for. @throws UsageError */
export function chooseCommand ([name, ...args]: string[], commands: Command[]): { command: Command, args: string[] } | null {
  if ([name, ...args].some(word => word === '--help' || word === '-h')) return null
  if (name === undefined) throw new UsageError('no command given')
  const command = commands.find(command => command.name === name)
  if (command === undefined) throw new UsageError(`unknown command ${JSON.stringify(name)}`)
  return { command, args }
}

/** The options of one command, and up to `words` words beside them. @throws UsageError */
export function readOptions<T extends NonNullable<ParseArgsConfig['options']>> (args: string[], options: T, words = 0) {
  const { values, positionals } = parsed(args, options)
  if (positionals.length > words) throw new UsageError(`unexpected ${JSON.stringify(positionals[words])}`)
  return { values, words: positionals }
}

function parsed<T extends NonNullable<ParseArgsConfig['options']>> (args: string[], options: T) {
  try {
    return parseArgs({ args, allowPositionals: true, options })
  } catch (err) {
    throw new UsageError((err as Error).message)
  }
}
