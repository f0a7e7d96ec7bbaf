import { withEnvFile } from '#shared/process/env-file.ts'
import { Refused, Unreachable } from './ask.ts'
import { chooseCommand, usageOf, UsageError, type Command } from './command.ts'
import { experimentsCommand } from './experiments.ts'
import { limitCommand } from './limit.ts'
import { loadCommand } from './load.ts'
import { psCommand } from './ps.ts'
import { runCommand } from './run.ts'
import { sweepCommand } from './sweep.ts'

const FAILED = 2
const commands: Command[] = [psCommand, loadCommand, limitCommand, sweepCommand, experimentsCommand, runCommand]

/** In the container PORT is the lab's own. On the host LAB_PORT, which .env may set, is the port that is published. */
function labUrl (): string {
  return `http://127.0.0.1:${process.env.PORT || withEnvFile(process.env).LAB_PORT || 8080}`
}

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort())
// The reader of the output has ended: `lab ps --watch | head`.
process.stdout.on('error', () => process.exit())

const terminal = { isTerminal: process.stdout.isTTY === true, print: (text: string) => { process.stdout.write(text) } }

try {
  const chosen = chooseCommand(process.argv.slice(2), commands)
  if (chosen === null) terminal.print(usageOf(commands))
  else process.exitCode = await chosen.command.run(chosen.args, { url: labUrl(), terminal, signal: stopping.signal })
} catch (err) {
  process.exitCode = FAILED
  if (err instanceof UsageError) process.stderr.write(`lab: ${err.message}\n\n${usageOf(commands)}`)
  else if (err instanceof Unreachable || err instanceof Refused) process.stderr.write(`lab: ${err.message}\n`)
  else throw err
}
