import { Unreachable, askLab } from './ask.ts'
import { readArguments, usage, UsageError } from './arguments.ts'
import { ps } from './ps.ts'
import type { Sample } from '../wire.ts'

const FAILED = 2

// In the container PORT is the lab's own; on the host LAB_PORT is where compose.yaml publishes it, and .env may say so.
if (process.env.PORT === undefined) (await import('dotenv')).default.config({ quiet: true })
const url = `http://127.0.0.1:${process.env.PORT ?? process.env.LAB_PORT ?? 8080}`

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort())
// Whoever read the output has gone: `lab ps --watch | head`.
process.stdout.on('error', () => process.exit())

const terminal = { isTerminal: process.stdout.isTTY === true, print: (text: string) => { process.stdout.write(text) } }

try {
  const command = readArguments(process.argv.slice(2))
  if (command.name === 'help') terminal.print(usage)
  else await ps(() => askLab<Sample>(`${url}/api/containers`), command, terminal, stopping.signal)
} catch (err) {
  process.exitCode = FAILED
  if (err instanceof UsageError) process.stderr.write(`lab: ${err.message}\n\n${usage}`)
  else if (err instanceof Unreachable) process.stderr.write(`lab: ${err.message}\n`)
  else throw err
}
