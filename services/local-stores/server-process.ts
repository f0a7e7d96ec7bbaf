import { spawn, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { lastWill } from './last-will.ts'

const KEPT_OUTPUT = 4000
const STOP_MS = 10_000

export interface ServerProcess {
  hasEnded (): boolean
  /** The last lines the server wrote, for an error message. */
  lastOutput (): string
  /** Asks it to stop and waits until it has; after ten seconds it is killed. */
  stop (): Promise<void>
}

export interface Command {
  file: string
  args: string[]
  /** Written to its standard input: what should not be seen in the list of processes. */
  input?: string
  stopSignal: NodeJS.Signals
  options?: SpawnOptions
}

/** Starts a server as a child process that does not outlive this one. It need not answer yet. */
export function startServer ({ file, args, input = '', stopSignal, options = {} }: Command): ServerProcess {
  // Detached: on Ctrl-C this process decides what stops when; the terminal does not.
  const child = spawn(file, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  let output = ''
  const keep = (text: unknown) => { output = (output + String(text)).slice(-KEPT_OUTPUT) }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  child.on('error', keep)
  child.stdin.on('error', keep).end(input)

  const takeBack = child.pid === undefined ? () => {} : lastWill(`kill -${stopSignal.slice(3)} ${child.pid}`)
  let ended = false
  const closed = once(child, 'close').catch(() => {}).then(() => { ended = true; takeBack() })

  async function stop (): Promise<void> {
    if (ended) return
    child.kill(stopSignal)
    const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await closed
    clearTimeout(impatience)
  }
  return { hasEnded: () => ended, lastOutput: () => output.trim(), stop }
}
