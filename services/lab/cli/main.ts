import { withEnvFile } from '#shared/process/env-file.ts'
import { chooseCommand, usageOf, UsageError } from './arguments.ts'
import { Refused, Unreachable } from './ask.ts'
import type { Command } from './command.ts'
import { experimentsCommand } from './experiments.ts'
import { loadCommand } from './load.ts'
import { psCommand } from './ps.ts'
import { runCommand } from './run.ts'

const FAILED = 2
const commands: Command[] = [psCommand, loadCommand, experimentsCommand, runCommand]

// In the container PORT is the lab's own; on the host LAB_PORT is where compose.yaml publishes it, and .env may say so.
const url = (): string => `http://127.0.0.1:${process.env.PORT || withEnvFile(process.env).LAB_PORT || 8080}`

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort())
// Whoever read the output has gone: `lab ps --watch | head`.
process.stdout.on('error', () => process.exit())

const terminal = { isTerminal: process.stdout.isTTY === true, print: (text: string) => { process.stdout.write(text) } }

try {
  const chosen = chooseCommand(process.argv.slice(2), commands)
  if (chosen === null) terminal.print(usageOf(commands))
  else process.exitCode = await chosen.command.run(chosen.args, { url: url(), terminal, signal: stopping.signal })
} catch (err) {
  process.exitCode = FAILED
  if (err instanceof UsageError) process.stderr.write(`lab: ${err.message}\n\n${usageOf(commands)}`)
  else if (err instanceof Unreachable || err instanceof Refused) process.stderr.write(`lab: ${err.message}\n`)
  else throw err
}
