import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'

const run = promisify(execFile)
const ANSWER_MS = 10_000

/** Whether a Docker engine answers and Compose is installed. A DOCKER_HOST that does not answer counts as no engine. */
export async function engineAnswers (env: NodeJS.ProcessEnv): Promise<boolean> {
  const commands = [['version', '--format', '{{.Server.Version}}'], ['compose', 'version', '--short']]
  try {
    for (const args of commands) await run('docker', args, { env, timeout: ANSWER_MS })
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

/** The address of a service in the stack that Compose has just started: `127.0.0.1:3000`. */
export async function publishedAddress (service: string, port: number, env: NodeJS.ProcessEnv): Promise<string> {
  return (await run('docker', ['compose', 'port', service, String(port)], { env })).stdout.trim()
}
