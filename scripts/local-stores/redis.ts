import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { askRedis } from './ask.ts'
import { startServer, type LocalOptions, type LocalStore } from './server-process.ts'

const run = promisify(execFile)
const INSTALL_MS = 300_000
const NO_REDIS = 'There is no redis-server in PATH. Install it with:  sudo apt-get install redis-server'

/** Starts this redis-server on 127.0.0.1 with its data in `dir`. Resolves when it answers. */
export async function startRedis (binary: string, options: LocalOptions): Promise<LocalStore> {
  const { dir, port, password } = options
  await mkdir(dir, { recursive: true })
  const url = `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}`
  const server = await startServer(
    { file: binary, args: ['-'], input: redisConf(options), stopSignal: 'SIGTERM' },
    { what: `Redis on port ${port}`, ask: () => askRedis(url), timeoutMs: 15_000 }
  )
  return { url, stop: () => server.stop() }
}

/** It is passed on standard input, because everyone on the machine can read arguments, and it holds a password. */
export function redisConf ({ dir, port, password, durable }: LocalOptions): string {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${quoted(password)}`,
    `dir ${quoted(dir)}`,
    'save ""',
    `appendonly ${durable ? 'yes' : 'no'}`,
    'daemonize no',
    'maxmemory-policy noeviction',      // a queue must never lose a key to make room
    ''
  ].join('\n')
}

/**
 * One word of redis.conf, whatever the text is: in double quotes, with `\xHH` for each byte that is not a plain
 * character.
 */
function quoted (text: string): string {
  const bytes = Buffer.from(text).toString('latin1')
  return `"${bytes.replace(/[^ !#-[\]-~]/g, byte => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`
}

/** The redis-server in `PATH`. If there is none, root on a system with apt-get installs it first. */
export async function redisServerBinary (env: NodeJS.ProcessEnv, say: (line: string) => void): Promise<string> {
  const find = (name: string): string | null => programInPath(name, env.PATH ?? '')
  const found = find('redis-server')
  if (found) return found
  if (process.getuid?.() !== 0 || !find('apt-get')) throw new Error(NO_REDIS)
  say('redis-server is not installed: installing it now with apt-get install redis-server')
  await installRedis(env)
  return find('redis-server') ?? fail(NO_REDIS)
}

/** The path of a program in one of the folders of `searchPath`, or `null`. */
export function programInPath (name: string, searchPath: string): string | null {
  const candidates = searchPath.split(path.delimiter).filter(Boolean).map(folder => path.join(folder, name))
  return candidates.find(isExecutable) ?? null
}

function isExecutable (file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function installRedis (env: NodeJS.ProcessEnv): Promise<void> {
  await apt(env, 'update')
  await apt(env, 'install', '--yes', '--no-install-recommends', 'redis-server')
  // Debian's package starts a service on port 6379, which we did not ask for.
  await run('service', ['redis-server', 'stop']).catch(() => {})
}

async function apt (env: NodeJS.ProcessEnv, ...args: string[]): Promise<void> {
  try {
    await run('apt-get', ['-o', 'DPkg::Lock::Timeout=60', '-q', ...args],
      { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: INSTALL_MS })
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string }
    throw new Error(`apt-get ${args[0]} failed while installing redis-server: ${stderr.trim().slice(-2000)}`, { cause })
  }
}

function fail (message: string): never {
  throw new Error(message)
}
