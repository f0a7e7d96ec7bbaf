import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const INSTALL_MS = 300_000

export const NO_REDIS = 'There is no redis-server in PATH. Install it with:  sudo apt-get install redis-server'

/** The path of a program in `PATH`, or `null`. */
export function programInPath (name: string, searchPath = process.env.PATH ?? ''): string | null {
  const places = searchPath.split(path.delimiter).filter(Boolean).map(folder => path.join(folder, name))
  return places.find(isExecutable) ?? null
}

function isExecutable (file: string): boolean {
  try { accessSync(file, constants.X_OK); return true } catch { return false }
}

/** The redis-server in `PATH`; for root on a system with apt-get, installed first if need be. */
export async function redisServerBinary (say: (line: string) => void): Promise<string> {
  const found = programInPath('redis-server')
  if (found) return found
  if (process.getuid?.() !== 0 || !programInPath('apt-get')) throw new Error(NO_REDIS)
  say('redis-server is not installed: installing it now with apt-get install redis-server')
  await installRedis()
  return programInPath('redis-server') ?? fail(NO_REDIS)
}

async function installRedis (): Promise<void> {
  await apt('update')
  await apt('install', '--yes', '--no-install-recommends', 'redis-server')
  // Debian starts a service of its own on port 6379; nobody asked for one.
  await run('service', ['redis-server', 'stop']).catch(() => {})
}

async function apt (...args: string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  try {
    await run('apt-get', ['-o', 'DPkg::Lock::Timeout=60', '-q', ...args], { env, timeout: INSTALL_MS })
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string }
    throw new Error(`apt-get ${args[0]} failed while installing redis-server: ${stderr.trim().slice(-2000)}`, { cause })
  }
}

function fail (message: string): never {
  throw new Error(message)
}
