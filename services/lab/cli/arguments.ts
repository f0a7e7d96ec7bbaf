import { parseArgs } from 'node:util'

export type Command = { name: 'help' } | { name: 'ps', watch: boolean, json: boolean }

export class UsageError extends Error {
  override name = 'UsageError'
}

export const usage = `Usage: lab ps [--watch] [--json]

  ps        what every container uses, of what it may use
  --watch   again every second, until Ctrl-C
  --json    as JSON: one line a sample, units in the names

Exit code: 0 = fine, 2 = wrong usage, or the lab does not answer.
`

/** @throws UsageError */
export function readArguments (args: string[]): Command {
  const { values, positionals } = parsed(args)
  if (values.help) return { name: 'help' }
  const [name, ...rest] = positionals
  if (name === undefined) throw new UsageError('no command given')
  if (name !== 'ps') throw new UsageError(`unknown command ${JSON.stringify(name)}`)
  if (rest.length > 0) throw new UsageError(`ps takes no ${JSON.stringify(rest[0])}`)
  return { name, watch: values.watch, json: values.json }
}

function parsed (args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        watch: { type: 'boolean', short: 'w', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false }
      }
    })
  } catch (err) {
    throw new UsageError((err as Error).message)
  }
}
