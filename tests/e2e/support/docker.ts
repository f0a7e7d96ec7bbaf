import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024

/** Runs the docker command and resolves to its output. A failure contains its error message. */
export async function docker (args: string[], env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const { stdout } = await run('docker', args, { env, maxBuffer: MAX_OUTPUT_BYTES })
  return stdout
}

/** The parts of `docker inspect` that the tests look at. */
export interface Inspected {
  Id: string
  Name: string
  RestartCount: number
  Config: { User: string, Env: string[] }
  State: {
    Status: string
    Pid: number
    ExitCode: number
    OOMKilled: boolean
    StartedAt: string
    Health?: { Status: string }
  }
  HostConfig: {
    Memory: number
    MemorySwap: number
    NanoCpus: number
    PidsLimit: number
    ReadonlyRootfs: boolean
    Init: boolean
    CapAdd: string[] | null
    CapDrop: string[] | null
    SecurityOpt: string[] | null
    Privileged: boolean
    LogConfig: { Type: string, Config: Record<string, string> }
    RestartPolicy: { Name: string }
    PortBindings: Record<string, Array<{ HostIp: string, HostPort: string }>> | null
  }
  Mounts: Array<{ Type: string, Name?: string }>
  NetworkSettings: {
    Ports: Record<string, Array<{ HostIp: string, HostPort: string }> | null>
    Networks: Record<string, { IPAddress: string }>
  }
}

export async function inspectContainer (name: string): Promise<Inspected> {
  const [inspected] = JSON.parse(await docker(['inspect', '--type', 'container', name])) as Inspected[]
  return inspected!
}
