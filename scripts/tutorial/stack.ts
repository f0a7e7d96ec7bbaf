import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from '#scripts/local-stores/free-port.ts'
import { onProcessDeath, quoted, type Cleanup } from '#scripts/local-stores/on-process-death.ts'
import { makeCheckout } from './checkout.ts'
import type { RunNames } from './names.ts'

const run = promisify(execFile)
const MAX_OUTPUT_BYTES = 1e8
const COMPOSE_MS = 900_000
const HEALTHY_MS = 120_000
const AGAIN_MS = 3000
const services = ['api', 'worker', 'lab', 'postgres', 'redis', 'secrets']

/** A fresh clone, and the stack that is started from it under a name, ports and image tags that nothing else uses. */
export class Stack {
  readonly names: RunNames
  /** What every terminal of the run has in its environment. */
  readonly env: Record<string, string>
  readonly #patience: number
  readonly #temporary: string
  readonly #cleanup: Cleanup

  static async make (root: string, env: NodeJS.ProcessEnv, patience: number): Promise<Stack> {
    const temporary = await mkdtemp(join(tmpdir(), 'limits-lab-tutorial-'))
    const random = randomBytes(4).toString('hex')
    const names = {
      project: `tutorial-${random}`,
      apiPort: await freePort(),
      labPort: await freePort(),
      tag: `dev-${random}`,
      directory: join(temporary, 'limits-lab')
    }
    const stack = new Stack(names, temporary, env, patience)
    await makeCheckout(root, names.directory)
    return stack
  }

  private constructor (names: RunNames, temporary: string, env: NodeJS.ProcessEnv, patience: number) {
    this.names = names
    this.#patience = patience
    this.env = environment(names, env)
    this.#temporary = temporary
    // Several times, because a `compose up` that was interrupted may go on for a moment.
    const removeAll = `for i in 1 2 3; do ${this.#removal()}\nsleep 5; done; rm -rf ${quoted(temporary)}`
    this.#cleanup = onProcessDeath(removeAll)
  }

  /** Gives images that are there already the names of this run, instead of building them. */
  async useImages (tag: string): Promise<void> {
    for (const service of services) {
      const image = `limits-lab-${service}`
      await run('docker', ['image', 'tag', `${image}:${tag}`, `${image}:${this.names.tag}`])
    }
  }

  async build (signal: AbortSignal): Promise<void> { await this.#compose(signal, 'build', '--quiet') }

  /** Brings up what is not up. What is not healthy yet, as after a load, has time to become so. */
  async up (signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + HEALTHY_MS * this.#patience
    for (;;) {
      try {
        return await this.#compose(signal, '--progress', 'quiet', 'up', '--wait')
      } catch (err) {
        if (signal.aborted || performance.now() > deadline) throw err
        await delay(AGAIN_MS, undefined, { signal })
      }
    }
  }

  async remove (): Promise<void> {
    await run('sh', ['-c', `${this.#removal()}\nexit $failed`])
    await rm(this.#temporary, { recursive: true, force: true })
    this.#cleanup.cancel()
  }

  async #compose (signal: AbortSignal, ...args: string[]): Promise<void> {
    const limits = { signal, timeout: COMPOSE_MS * this.#patience, maxBuffer: MAX_OUTPUT_BYTES }
    await run('docker', ['compose', ...args], { cwd: this.names.directory, env: this.env, ...limits })
  }

  /** A shell script, because it also has to run when this process is killed. Each step is tried. */
  #removal (): string {
    const { project, tag, directory } = this.names
    const file = quoted(join(directory, 'compose.yaml'))
    return `
      failed=0
      test ! -e ${file} ||
        docker compose --project-name ${project} --file ${file} down --volumes --remove-orphans --timeout 5 || failed=1
      images=$(docker image ls --format '{{.Repository}}:{{.Tag}}' --filter 'reference=limits-lab-*:${tag}')
      test -z "$images" || docker image rm --force $images >/dev/null || failed=1`
  }
}

/** What a terminal of a reader has, and nothing of the caller's own settings. */
export function environment (
  { project, tag, apiPort, labPort }: RunNames, env: NodeJS.ProcessEnv
): Record<string, string> {
  return {
    PATH: env.PATH ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: env.HOME ?? '/',
    LANG: 'C.UTF-8',
    TERM: 'dumb',
    COMPOSE_PROJECT_NAME: project,
    API_PORT: String(apiPort),
    LAB_PORT: String(labPort),
    TAG: tag,
    ...(env.DOCKER_HOST !== undefined && { DOCKER_HOST: env.DOCKER_HOST })
  }
}
