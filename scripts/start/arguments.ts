import { parseArgs } from 'node:util'

export interface Options {
  /** Run plain processes, even if an engine answers. */
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

Starts the stack with Docker if an engine answers, otherwise as plain processes in their own cgroups.

  --local        run plain processes, even if an engine answers
  --namespaces   run plain processes, each in its own namespaces as well (needs root)
  --quiet        write logs to .data/logs, one file for each service
  --no-build     run plain processes from the last build
`

/** @throws UsageError */
export function readArguments (args: string[]): Options {
  const flag = { type: 'boolean', default: false } as const
  try {
    const options = {
      local: flag, namespaces: flag, quiet: flag, build: { ...flag, default: true }, help: { ...flag, short: 'h' }
    } as const
    const { local, namespaces, quiet, build, help } = parseArgs({ args, options, allowNegative: true }).values
    return { local: local || namespaces, namespaces, quiet, build, help }
  } catch (err) {
    throw new UsageError((err as Error).message)
  }
}
