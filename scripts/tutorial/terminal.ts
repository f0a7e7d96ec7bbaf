import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import type { Readable, Writable } from 'node:stream'
import { onProcessDeath, quoted, type Cleanup } from '#scripts/local-stores/on-process-death.ts'
import { sessionGroups } from './session.ts'

/** Output and the end of the shell are told at once. Only what the kernel alone knows has to be asked for. */
const ASK_MS = 200
const CTRL_C_SECONDS = 10
const AGAIN_MS = 2000
/** After each of the signals that end a terminal. */
const CLOSE_MS = 1000
const BEGIN_MS = 15_000

/** How commands ended. */
export interface Ran {
  how: 'ended' | 'timed out' | 'the shell ended'
  /** Of the first command that failed, otherwise of the last one; `null` unless they ended. */
  status: number | null
  /** The command that failed, as the shell names it; '' for none. */
  failed: string
  /** Standard output and error together. */
  output: string
}

/**
 * Interactive, so that a Ctrl-C ends the whole line of commands and not only the process that runs, but without line
 * editing, job control, history or prompt. Each command must succeed, as with `set -e`, but the shell goes on. Root
 * needs no sudo, and may not have it.
 */
const START = `
PS1= PS2= PROMPT_COMMAND=
set +H +m +o history
unset HISTFILE
tutorial_mark () { local last=$?; printf '\\n%s %s %s\\n' "$1" "\${tutorial_status:-$last}" "\${tutorial_failed@Q}"; }
[ "$UID" != 0 ] || command -v sudo >/dev/null || sudo () { "$@"; }
trap 'tutorial_status=\${tutorial_status:-$?} tutorial_failed=\${tutorial_failed:-$BASH_COMMAND}' ERR
`

/** One bash that stays, with a session of its own. */
export class Terminal {
  readonly #shell: ChildProcessByStdio<Writable, Readable, null>
  readonly #cleanup: Cleanup
  #text = ''
  #mark = ''
  #hasEnded = false
  #isGone = false
  readonly #waiting = new Set<() => void>()

  constructor (directory: string, env: Record<string, string>) {
    this.#shell = spawn('bash', ['--noprofile', '--norc', '--noediting', '-i'], {
      cwd: directory, env, detached: true, stdio: ['pipe', 'pipe', 'ignore']
    })
    this.#cleanup = onProcessDeath(`kill -KILL -- -${this.#shell.pid}`)
    this.#shell.on('exit', () => {
      this.#hasEnded = true
      if (sessionGroups(this.pid).length === 0) this.#forget()
      this.#wake()
    })
    this.#shell.on('error', () => {
      this.#hasEnded = true
      this.#wake()
    })
    // The shell may have ended: the next step says so.
    this.#shell.stdin.on('error', () => {})
    this.#shell.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#text += text
      this.#wake()
    })
    this.#shell.stdin.write(START)
  }

  get pid (): number { return this.#shell.pid! }

  /** Whether commands were started that nobody has waited for. */
  get isBusy (): boolean { return this.#mark !== '' }

  /** Whether commands can be started. */
  get isUsable (): boolean { return !this.#hasEnded && !this.isBusy }

  /** What the commands have printed so far. */
  get output (): string { return this.#end()?.output ?? this.#text }

  /** Starts commands, and resolves when they run: a Ctrl-C would otherwise meet a shell that does nothing yet. */
  async start (commands: string): Promise<void> {
    if (this.isBusy) throw new Error('something runs in this terminal')
    const begin = randomUUID()
    this.#mark = randomUUID()
    this.#text = ''
    // The end of one mark and the beginning of the text are one line, so that nothing can come between them.
    this.#shell.stdin.write(`tutorial_status= tutorial_failed=
echo ${begin}; eval ${quoted(commands)} </dev/null 2>&1
tutorial_mark ${this.#mark}\n`)
    const hasBegun = await this.#until(() => this.#text.includes(`${begin}\n`), BEGIN_MS)
    this.#text = hasBegun ? this.#text.slice(this.#text.indexOf(`${begin}\n`) + begin.length + 1) : ''
  }

  /** Waits for what was started. If it takes too long, it is interrupted. */
  async ended (withinSeconds: number): Promise<Ran> {
    if (await this.#until(() => this.#end() !== null, withinSeconds * 1000)) return this.#finish()
    if (this.#hasEnded) return this.#give('the shell ended')
    const { output } = this
    await this.interrupt(CTRL_C_SECONDS)
    return { ...this.#give('timed out'), output }
  }

  async run (commands: string, withinSeconds: number): Promise<Ran> {
    await this.start(commands)
    return this.ended(withinSeconds)
  }

  /** Resolves to whether what runs has printed what is awaited, in time. */
  printed (isEnough: (output: string) => boolean, withinSeconds: number): Promise<boolean> {
    return this.#until(() => isEnough(this.output) || this.#end() !== null, withinSeconds * 1000)
  }

  /** Sets variables, whatever their text. */
  set (variables: Record<string, string>): void {
    const words = Object.entries(variables).map(([name, value]) => `${name}=${quoted(value)}`)
    this.#shell.stdin.write(`${words.join(' ')}\n`)
  }

  /**
   * Ctrl-C, as often as it takes: bash ignores one that comes just when a command has ended by itself, because it looks
   * as if that command had dealt with it.
   */
  async interrupt (withinSeconds: number): Promise<Ran> {
    const deadline = performance.now() + withinSeconds * 1000
    while (performance.now() < deadline) {
      this.#signal('SIGINT')
      if (await this.#until(() => this.#end() !== null, AGAIN_MS)) return this.#finish()
      if (this.#hasEnded) return this.#give('the shell ended')
    }
    return this.#give('timed out')
  }

  /** Ends the shell and everything that was started in it. */
  async close (): Promise<void> {
    this.#shell.stdin.end()
    const isGone = (): boolean => this.#isGone || (this.#hasEnded && sessionGroups(this.pid).length === 0)
    // First the Ctrl-C, which also keeps the shell from going on with the next command.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
      if (isGone()) break
      this.#signal(signal)
      await this.#until(isGone, CLOSE_MS, true)
    }
    this.#forget()
  }

  #end (): { status: number, failed: string, output: string } | null {
    const at = this.isBusy ? this.#text.lastIndexOf(`\n${this.#mark} `) : -1
    const [, status, failed] = /^\n\S+ (\d+) ('[^]*'|\$'[^]*')\n/.exec(at < 0 ? '' : this.#text.slice(at)) ?? []
    if (status === undefined) return null
    return { status: Number(status), failed: unquoted(failed!), output: this.#text.slice(0, at) }
  }

  #finish (): Ran {
    const end = this.#end()!
    this.#mark = ''
    return { how: 'ended', ...end }
  }

  #give (how: Ran['how']): Ran {
    return { how, status: null, failed: '', output: this.output }
  }

  /** The kernel may give the number of a session that is gone to a stranger, which is not ours to signal. */
  #forget (): void {
    this.#isGone = true
    this.#cleanup.cancel()
  }

  #signal (signal: NodeJS.Signals): void {
    if (this.#isGone) return
    for (const group of sessionGroups(this.pid)) {
      try { process.kill(-group, signal) } catch { /* it has ended */ }
    }
  }

  /** Resolves to whether the condition came to hold in time; without `evenAfter` the end of the shell ends the wait. */
  async #until (condition: () => boolean, timeoutMs: number, evenAfter = false): Promise<boolean> {
    const deadline = performance.now() + timeoutMs
    while (!condition()) {
      if (performance.now() > deadline || (this.#hasEnded && !evenAfter)) return condition()
      await this.#news(ASK_MS)
    }
    return true
  }

  /** Resolves when there is output, when the shell ends, or after this time. */
  #news (withinMs: number): Promise<void> {
    return new Promise(resolve => {
      const wake = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, withinMs)
      this.#waiting.add(wake)
    })
  }

  #wake (): void { for (const wake of this.#waiting) wake() }
}

/** What bash quoted with `@Q`. */
function unquoted (text: string): string {
  if (text.startsWith('$')) return text.slice(2, -1).replaceAll('\\n', '\n').replaceAll("\\'", "'")
  return text.slice(1, -1).replaceAll("'\\''", "'")
}
