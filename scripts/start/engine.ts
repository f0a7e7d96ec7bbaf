import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'

const run = promisify(execFile)
const PATIENCE_MS = 10_000

/** Does a Docker engine answer, and is Compose there? A DOCKER_HOST that does not answer counts as none. */
export async function engineAnswers (env: NodeJS.ProcessEnv): Promise<boolean> {
  const asks = [['version', '--format', '{{.Server.Version}}'], ['compose', 'version', '--short']]
  try {
    for (const args of asks) await run('docker', args, { env, timeout: PATIENCE_MS })
    return true
  } catch {
    return false
  }
}

/** Resolves to the exit code of `docker compose up`. */
export async function composeUp (env: NodeJS.ProcessEnv): Promise<number> {
  const compose = spawn('docker', ['compose', 'up', '--build', '--wait'], { env, stdio: 'inherit' })
  const [code] = await once(compose, 'exit') as [number | null]
  return code ?? 1
}

/** Where a service of the stack that Compose just started is reached: `127.0.0.1:3000`. */
export async function publishedAddress (service: string, port: number, env: NodeJS.ProcessEnv): Promise<string> {
  return (await run('docker', ['compose', 'port', service, String(port)], { env })).stdout.trim()
}
