import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { until } from '#support/until.ts'
import { usageOf, usagePaths, type CgroupUsage, type Files } from './cgroup-files.ts'
import { engineHostName } from './engine-host.ts'
import { stack } from './stack.ts'

const EVERY_SECONDS = 0.02

/**
 * Prints each file's text, its lines joined, whenever it has changed: `<seconds since the epoch> <number of the file>
 * <text>`. It uses only builtins of bash, so that a look at thirty files costs a millisecond. `read` lets it sleep, and
 * ends it with the test, because its input ends then.
 */
const WATCH = `
  interval=$1; shift; IFS='|'
  while read -r -t "$interval"; (( $? > 128 )); do
    for ((i = 1; i <= $#; i++)); do
      { mapfile -t lines < "\${!i}"; } 2>/dev/null || lines=()
      [ "\${before[i]-unread}" = "\${lines[*]}" ] && continue
      before[i]="\${lines[*]}"
      printf '%s %s %s\\n' "$EPOCHREALTIME" "$i" "\${before[i]}"
    done
  done`

interface Change { atMs: number, text: string }

/**
 * What the kernel's files say about some containers, read continuously on the engine's host. Its clock is the lab's.
 */
export class UsageWatch {
  readonly #pathsOf: Map<string, string[]>
  readonly #changes: Map<string, Change[]>
  readonly #looking: ChildProcessByStdio<Writable, Readable, null>

  static async start (ids: string[]): Promise<UsageWatch> {
    const pathsOf = new Map<string, string[]>()
    for (const id of ids) pathsOf.set(id, await usagePaths(id))
    const watch = new UsageWatch(pathsOf)
    await until(() => [...watch.#changes.values()].every(({ length }) => length > 0), {
      what: 'the first look at every file',
      timeoutMs: 20_000
    })
    return watch
  }

  private constructor (pathsOf: Map<string, string[]>) {
    const paths = [...pathsOf.values()].flat()
    const args = [
      'exec',
      '--interactive',
      engineHostName(stack().project),
      'bash',
      '-c',
      WATCH,
      'bash',
      String(EVERY_SECONDS),
      ...paths
    ]
    this.#pathsOf = pathsOf
    this.#changes = new Map(paths.map(path => [path, []]))
    this.#looking = spawn('docker', args, { stdio: ['pipe', 'pipe', 'inherit'] })
    createInterface(this.#looking.stdout).on('line', line => {
      const [, seconds, number, text] = /^(\S+) (\d+) (.*)$/.exec(line)!
      this.#changes
        .get(paths[Number(number) - 1]!)!
        .push({ atMs: Number(seconds) * 1000, text: text!.replaceAll('|', '\n') })
    })
  }

  /** The time from which on every file has been read. */
  get sinceMs (): number {
    return Math.max(...[...this.#changes.values()].map(([first]) => first!.atMs))
  }

  /** The usage at this moment. */
  at (id: string, atMs: number): CgroupUsage {
    const files: Files = new Map()
    for (const path of this.#pathsOf.get(id)!) {
      const change = this.#changes.get(path)!.findLast(change => change.atMs <= atMs)
      if (change === undefined) throw new Error(`${path} was not read before ${new Date(atMs).toISOString()}`)
      files.set(path.split('/').at(-1)!, change.text)
    }
    return usageOf(files)
  }

  /** When the container's `oom_kill` rose, to the precision of one look. */
  killsOf (id: string): number[] {
    const counts = this.#changesOf(id, /\/memory\.(events|oom_control)$/).map(({ atMs, text }) => ({
      atMs,
      kills: Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? NaN)
    }))
    return counts.filter(({ kills }, i) => i > 0 && kills > counts[i - 1]!.kills).map(({ atMs }) => atMs)
  }

  /** Whether its last task or its cgroup had gone by this moment. */
  hadEnded (id: string, atMs: number): boolean {
    const { text } = this.#changesOf(id, /\/pids\.current$/).findLast(change => change.atMs <= atMs)!
    return text === '' || text === '0'
  }

  async stop (): Promise<void> {
    const ended = once(this.#looking, 'exit')
    this.#looking.stdin.end()
    await ended
  }

  #changesOf (id: string, file: RegExp): Change[] {
    return this.#changes.get(this.#pathsOf.get(id)!.find(path => file.test(path))!)!
  }
}
