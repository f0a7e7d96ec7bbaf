import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const PROJECT = 'com.docker.compose.project'

/** The parts of `docker inspect` that a chapter must leave as they were. */
export interface Inspected {
  Config: { Labels: Record<string, string> }
  State: { Status: string }
  HostConfig: { Memory: number, MemorySwap: number, NanoCpus: number, PidsLimit: number | null }
}

/** One line for a container: which it is, how it is, and its limits. Its id may differ, as after a new `up`. */
export function describeContainer ({ Config, State, HostConfig }: Inspected): string {
  const service = Config.Labels['com.docker.compose.service']
  const number = Config.Labels['com.docker.compose.container-number']
  const oneOff = Config.Labels['com.docker.compose.oneoff'] === 'True' ? ' (run)' : ''
  const { Memory, MemorySwap, NanoCpus, PidsLimit } = HostConfig
  return `container ${service}-${number}${oneOff}: ${State.Status}, memory ${Memory}, with swap ${MemorySwap}, ` +
    `CPUs ${NanoCpus / 1e9}, pids ${PidsLimit}`
}

/** The containers, networks and volumes of a project. */
export async function stackState (project: string): Promise<string[]> {
  const filter = `label=${PROJECT}=${project}`
  const ids = await lines('ps', '--all', '--quiet', '--filter', filter)
  const containers = ids.length === 0 ? [] : JSON.parse((await docker('inspect', ...ids))) as Inspected[]
  const networks = await lines('network', 'ls', '--format', '{{.Name}}', '--filter', filter)
  const volumes = await lines('volume', 'ls', '--format', '{{.Name}}', '--filter', filter)
  return [
    ...containers.map(describeContainer),
    ...networks.map(name => `network ${name}`),
    ...volumes.map(name => `volume ${name}`)
  ].toSorted()
}

async function lines (...args: string[]): Promise<string[]> {
  return (await docker(...args)).split('\n').filter(line => line !== '')
}

async function docker (...args: string[]): Promise<string> {
  return (await run('docker', args, { maxBuffer: 1e8 })).stdout
}
