import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { freePort } from '#scripts/local-stores/free-port.ts'

/** The page with a replayed lab, as a process of its own: what it costs is not the tab's. */
export class PageReplay {
  readonly url: string
  readonly #child: ChildProcess

  private constructor (url: string, child: ChildProcess) {
    this.url = url
    this.#child = child
  }

  /** `speed`: how many seconds of the replay pass in one. */
  static async start (workers: number, speed: number): Promise<PageReplay> {
    const args = ['dist/page/main.js', String(await freePort()), 'v2', String(workers), String(speed)]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(child, 'exit').then(([code]) => { throw new Error(`the replay ended with exit code ${code}`) })
    const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended]) as [string]
    ended.catch(() => {})      // from here on it ends because it is stopped
    return new PageReplay(line.slice(line.indexOf('http')), child)
  }

  async stop (): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.kill()
    await ended
  }
}
