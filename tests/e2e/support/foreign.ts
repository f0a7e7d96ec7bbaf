import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { quoted } from '#scripts/local-stores/on-process-death.ts'
import { docker, inspectContainer, type Inspected } from './docker.ts'
import { stack } from './stack.ts'

const run = promisify(execFile)
const OF_PROJECT = 'label=com.docker.compose.project'

/** A Compose project that is not ours: a folder of tests/fixtures/foreign, under a name that nothing else uses. */
export class Foreign {
  readonly project: string
  /** The name of the lab's container beside it, and of its Compose project. */
  readonly lab: string
  readonly #folder: string

  constructor (folder: string) {
    this.project = `${stack().project}-${folder}`
    this.lab = `limits-lab-on-${this.project}`
    this.#folder = join(stack().root, 'tests/fixtures/foreign', folder)
  }

  compose (...args: string[]): Promise<string> {
    const where = ['--project-name', this.project, '--project-directory', this.#folder]
    return docker(['compose', '--progress', 'quiet', ...where, ...args])
  }

  /** A shell script that removes it, and the lab beside it. */
  removal (): string {
    return `${quoted(join(stack().root, 'scripts/attach'))} --stop ${this.project}
      docker compose --project-name ${this.project} --project-directory ${quoted(this.#folder)} down --volumes --timeout 1 --rmi local`
  }

  async containers (): Promise<Inspected[]> {
    const ids = (await docker(['ps', '--quiet', '--filter', `${OF_PROJECT}=${this.project}`])).trim().split('\n')
    return Promise.all(ids.map(inspectContainer))
  }

  /** What must stay as it is, of each of its containers. */
  async lives (): Promise<string[]> {
    const containers = await this.containers()
    return containers.map(({ Id, Name, RestartCount, State: { StartedAt }, HostConfig }) => {
      const { Memory, NanoCpus, PidsLimit } = HostConfig
      return JSON.stringify({ Id, Name, RestartCount, StartedAt, Memory, NanoCpus, PidsLimit })
    }).toSorted()
  }

  /** `lab …` in the lab beside it. */
  inLab (...args: string[]): Promise<string> {
    return docker(['exec', this.lab, 'lab', ...args])
  }

  /** What is there of the lab beside it: containers, networks and volumes. */
  async leftovers (): Promise<string[]> {
    const filter = `${OF_PROJECT}=${this.lab}`
    const found = await Promise.all([
      docker(['ps', '--all', '--quiet', '--filter', filter]),
      docker(['network', 'ls', '--quiet', '--filter', filter]),
      docker(['volume', 'ls', '--quiet', '--filter', filter])
    ])
    return found.join('\n').split('\n').filter(line => line !== '')
  }
}

/** scripts/attach, with the images of this run. */
export async function attach (labPort: number, ...args: string[]): Promise<string> {
  const { root, tag } = stack()
  const env = { ...process.env, TAG: tag, LAB_PORT: String(labPort) }
  return (await run(join(root, 'scripts/attach'), args, { env, maxBuffer: 1e8 })).stdout
}
