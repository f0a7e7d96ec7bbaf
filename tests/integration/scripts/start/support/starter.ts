import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '#scripts/local-stores/free-port.ts'
import { until } from '#support/until.ts'

export const START_MS = 120_000

interface Options {
  project: string
  /** A new one unless it is given. */
  directory?: string
  ports?: { api: number, lab: number }
  env?: Record<string, string>
  args?: string[]
  umask?: number
  /** A command that ends by starting the command that follows it. */
  within?: string[]
}

/** Runs `npm start -- --local` from the last build, with data and ports of its own. */
export class Starter {
  readonly directory: string
  readonly ports: { api: number, lab: number }
  readonly child: ChildProcessWithoutNullStreams
  output = ''

  private constructor (
    { project, directory, env = {}, args = [], umask = 0o022, within = [] }: Options, ports: { api: number, lab: number }
  ) {
    this.directory = directory ?? newDirectory()
    this.ports = ports
    const variables = {
      ...process.env,
      COMPOSE_PROJECT_NAME: project,
      DATA_DIR: join(this.directory, 'data'),
      API_PORT: String(ports.api),
      LAB_PORT: String(ports.lab),
      ...env
    }
    const command = `umask ${umask.toString(8)}; exec "$@"`
    const start = [process.execPath, 'dist/start/main.js', '--local', '--no-build', ...args]
    this.child = spawn('sh', ['-c', command, 'start', ...within, ...start], { env: variables })
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.on('data', text => {
        this.output += String(text)
      })
    }
  }

  static async begin (options: Options): Promise<Starter> {
    return new Starter(options, options.ports ?? { api: await freePort(), lab: await freePort() })
  }

  async untilUp (): Promise<this> {
    await until(() => this.output.includes(`http://127.0.0.1:${this.ports.api}`) || this.child.exitCode !== null, {
      what: 'both addresses',
      timeoutMs: START_MS
    })
    if (this.child.exitCode !== null) throw new Error(`npm start ended: ${this.output.slice(-2000)}`)
    return this
  }

  /** Resolves to its exit code. */
  async ended (): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit')
    return this.child.exitCode
  }

  async end (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal)
    return this.ended()
  }

  async api<T> (path: string, init?: RequestInit): Promise<T> {
    return (await fetch(`http://127.0.0.1:${this.ports.api}${path}`, init)).json() as Promise<T>
  }

  async putAway (): Promise<void> {
    await this.end()
    rmSync(this.directory, { recursive: true, force: true })
  }
}

/** The account that runs Postgres may be unable to enter root's own TMPDIR, or a directory as mkdtemp makes it. */
export function newDirectory (): string {
  const directory = mkdtempSync(join(process.getuid?.() === 0 ? '/tmp' : tmpdir(), 'limits-lab-start-'))
  chmodSync(directory, 0o711)
  return directory
}
