import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '#scripts/local-stores/free-port.ts'
import { serverAccount } from '#scripts/local-stores/postgres.ts'
import { redisServerBinary } from '#scripts/local-stores/redis.ts'
import { withEnvFile } from '#shared/process/env-file.ts'
import type { Environment } from '#shared/process/env.ts'
import { createLog } from '#shared/process/log.ts'
import { readArguments, usage, UsageError, type Options } from './arguments.ts'
import { CgroupTree } from './cgroup-tree.ts'
import { nameIn, readComposeFile } from './compose-file.ts'
import { openData, type Data } from './data.ts'
import * as define from './definitions.ts'
import { composeUp, engineAnswers, publishedAddress } from './engine.ts'
import { LocalBroker } from './local-broker.ts'
import { LocalStack, nameOf } from './local-stack.ts'
import { Logs } from './logs.ts'
import { openTree, type NoTree } from './open-tree.ts'
import { checkPorts } from './ports.ts'
import { freeShmBytes, missing, readSettings } from './settings.ts'
import { lockData, StateFile } from './state-file.ts'

const run = promisify(execFile)
const services = ['api', 'worker', 'postgres', 'redis', 'lab']

try {
  const options = readArguments(process.argv.slice(2))
  if (options.help) process.stdout.write(usage)
  else if (!options.local && await engineAnswers(process.env)) process.exitCode = await withDocker(process.env)
  else await withoutDocker(options, withEnvFile(process.env))
} catch (err) {
  process.exitCode = 2
  process.stderr.write(`npm start: ${(err as Error).message}\n${err instanceof UsageError ? `\n${usage}` : ''}`)
}

async function withDocker (env: NodeJS.ProcessEnv): Promise<number> {
  const code = await composeUp(env)
  if (code !== 0) return code
  process.stdout.write(urls(await publishedAddress('api', 3000, env), await publishedAddress('lab', 8080, env)))
  return code
}

async function withoutDocker ({ namespaces, quiet, build }: Options, variables: Environment): Promise<void> {
  if (namespaces && process.getuid?.() !== 0) throw new Error('--namespaces needs root')
  const composeFile = readFileSync('compose.yaml', 'utf8')
  const { project, dataDir, ports } = readSettings(variables, nameIn(composeFile))
  const specs = readComposeFile(composeFile, services, { ...variables, COMPOSE_PROJECT_NAME: project })
  const postgresAccount = await serverAccount()
  const data = openData(resolve(dataDir), postgresAccount)
  const logs = new Logs(quiet ? data.logs : null, services)

  const state = new StateFile(data.state)
  if (!await lockData(data.directory) || state.running !== null) {
    throw new Error(isRunning(data.directory, state.running))
  }
  state.claim()
  await state.endLeftovers(text => logs.say(text))

  const opened = openTree(project)
  const tree = opened instanceof CgroupTree ? opened : null
  await tree?.claim()
  state.noteCgroups(tree?.made ?? [])
  logs.say(opened instanceof CgroupTree ? `The cgroups of this stack are in ${opened.path}` : noLimits(opened))

  const stack = new LocalStack({ project, services, tree, hostTree: namespaces ? data.hostTree : null, logs, state })
  const broker = tree === null ? null : await openBroker(tree, project, data)
  const stop = async (): Promise<void> => {
    await broker?.close()
    await stack.stop()
  }
  const stopping = stopOnSignal(stop, logs)
  try {
    await checkPorts({ API_PORT: ports.api, LAB_PORT: ports.lab })
    if (build) await buildServices(text => logs.say(text))
    const surroundings: define.Surroundings = {
      specs,
      ports: { ...ports, worker: await freePort(), postgres: await freePort(), redis: await freePort() },
      data,
      postgresAccount,
      redisServer: await redisServerBinary(process.env, text => logs.say(text)),
      searchPath: process.env.PATH ?? '',
      machineSettings: { OWN_CGROUP: tree === null ? 'none' : '', OWN_NETWORK: 'none' },
      labSettings: {
        CGROUP_ROOT: namespaces ? data.hostTree : '/sys/fs/cgroup',
        WHOAMI: data.whoami,
        LAB_CGROUP: tree?.path ?? 'none',
        LAB_MISSING: missing({ limits: tree !== null, namespaces, shmBytes: freeShmBytes() }),
        LAB_IMAGES: 'none=none',
        LIMITS_SOCKET: tree === null ? '' : socketPath(data)
      }
    }
    const stores = [await define.postgres(surroundings), define.redis(surroundings)]
    await stack.start(stores.map(store => define.withWhoami(store, data)))
    await stack.start((['api', 'worker', 'lab'] as const).map(service => define.nodeService(service, surroundings)))
    logs.say(urls(`127.0.0.1:${ports.api}`, `127.0.0.1:${ports.lab}`).trimEnd())
  } catch (err) {
    if (stopping.isStopping) return
    await stop()
    throw err
  }
}

function openBroker (tree: CgroupTree, project: string, data: Data): Promise<LocalBroker> {
  const names = new Map(services.map(service => [service, nameOf(project, service)]))
  return LocalBroker.open(socketPath(data), { tree, names, log: createLog('limits', 'warn') })
}

/** Relative, as the lab has the same working directory: the whole path may be longer than the 107 bytes of unix(7). */
function socketPath ({ limitsSocket }: Data): string { return relative(process.cwd(), limitsSocket) }

/** A second Ctrl-C does not interrupt the stop that the first one began. */
function stopOnSignal (stop: () => Promise<void>, logs: Logs): { isStopping: boolean } {
  const state = { isStopping: false }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (state.isStopping) return
      state.isStopping = true
      logs.say('Stopping')
      stop().then(() => process.exit(0), (err: Error) => {
        process.stderr.write(`npm start: ${err.message}\n`)
        process.exit(1)
      })
    })
  }
  return state
}

function isRunning (directory: string, pid: number | null): string {
  const starter = pid === null ? '' : ` (process ${pid})`
  return `The stack is already running with the data in ${directory}${starter}. Set DATA_DIR to another directory.`
}

function noLimits ({ because }: NoTree): string {
  const hint = existsSync('/run/systemd/system') ? ' With limits: systemd-run --user --scope -p Delegate=yes npm start' : ''
  return `Running without limits, because ${because}.${hint}`
}

function urls (api: string, lab: string): string {
  return `\n  lab   http://${lab}\n  api   http://${api}\n\n`
}

/** Builds what the images would contain: the bundles of the services, and the page. */
async function buildServices (say: (text: string) => void): Promise<void> {
  say('Building the services and the page')
  try {
    await run('npm', ['run', '--silent', 'build'])
  } catch (cause) {
    const { stderr } = cause as { stderr?: string }
    throw new Error(`the build failed: ${stderr?.trim().slice(-2000) ?? String(cause)}`, { cause })
  }
}
