import { parseArgs } from 'node:util'

export interface Options {
  /** Plain processes, even where an engine answers. */
  local: boolean
  namespaces: boolean
  quiet: boolean
  /** Build the services first. */
  build: boolean
  help: boolean
}

export class UsageError extends Error {
  override name = 'UsageError'
}

export const usage = `Usage: npm start [-- options]

Starts the stack: with Docker where an engine answers, otherwise as plain processes in cgroups of their own.

  --local        plain processes, even where an engine answers
  --namespaces   plain processes, each in namespaces of its own too (root)
  --quiet        logs go to .data/logs, one file a service
  --no-build     plain processes of what was built before
`

/** @throws UsageError */
export function readArguments (args: string[]): Options {
  const flag = { type: 'boolean', default: false } as const
  try {
    const options = { local: flag, namespaces: flag, quiet: flag, build: { ...flag, default: true }, help: { ...flag, short: 'h' } } as const
    const { local, namespaces, quiet, build, help } = parseArgs({ args, options, allowNegative: true }).values
    return { local: local || namespaces, namespaces, quiet, build, help }
  } catch (err) {
    throw new UsageError((err as Error).message)
  }
}
