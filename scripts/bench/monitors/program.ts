import { execFile } from 'node:child_process'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { docker } from '#scripts/bench/stack.ts'
import type { Monitor } from './monitor.ts'

const run = promisify(execFile)

/** A monitor that can be started here. */
export interface Program {
  /** Whose rights it has. */
  user: string
  command: (args: string[], directory: string) => { file: string, args: string[] }
  /** Its first process, once it runs, if `pid` is that of the command. */
  pid: (pid: number) => Promise<number>
}

/** A program that is installed, or its image. Nothing is installed. @throws with the way to get it if it has neither */
export async function findProgram (monitor: Monitor): Promise<Program> {
  const path = await pathOf(monitor.binary)
  return path === null ? fromImage(monitor) : installed(path)
}

/** Users other than root have no `/usr/sbin` in their PATH on Debian. */
async function pathOf (binary: string): Promise<string | null> {
  const found = run('sh', ['-c', 'PATH=$PATH:/usr/sbin:/usr/local/sbin; command -v "$0"', binary])
  return found.then(({ stdout }) => stdout.trim(), () => null)
}

function installed (file: string): Program {
  return { user: userInfo().username, command: args => ({ file, args }), pid: pid => Promise.resolve(pid) }
}

async function fromImage ({ binary, image, source }: Monitor): Promise<Program> {
  try {
    await docker('image', 'inspect', '-f', '{{.Id}}', image).catch(() => docker('pull', '--quiet', image))
  } catch (err) {
    const [reason] = (err as { stderr: string }).stderr.trim().split('\n').slice(-1)
    throw new Error(`there is no ${binary} in the PATH (from ${source}), ` +
      `and docker pull ${image} failed: ${reason}`, { cause: err })
  }
  return new ImageProgram(binary, image)
}

/** A monitor in a container that sees the host's processes, network and cgroups as the host does. */
class ImageProgram implements Program {
  readonly user = 'root'
  readonly #binary: string
  readonly #image: string
  readonly #name: string

  constructor (binary: string, image: string) {
    this.#binary = binary
    this.#image = image
    this.#name = `limits-lab-bench-${process.pid}-${binary}`
  }

  command (args: string[], directory: string): { file: string, args: string[] } {
    const host = ['--privileged', '--pid=host', '--network=host', '--cgroupns=host']
    const mounts = ['/:/rootfs:ro', '/sys:/sys:ro', '/var/run:/var/run:ro', '/var/lib/docker:/var/lib/docker:ro',
      `${directory}:${directory}:ro`].map(mount => `--volume=${mount}`)
    const own = [`--tmpfs=${join(directory, 'data')}`, `--name=${this.#name}`, `--entrypoint=${this.#binary}`]
    return { file: 'docker', args: ['run', '--rm', ...host, ...mounts, ...own, this.#image, ...args] }
  }

  async pid (): Promise<number> {
    for (;;) {
      const pid = Number(await docker('inspect', '-f', '{{.State.Pid}}', this.#name))
      if (pid !== 0) return pid
      await delay(100)
    }
  }
}
