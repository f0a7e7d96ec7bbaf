import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import dotenv from 'dotenv'
import { freePort } from '../../services/local-stores/free-port.ts'
import { redisServerBinary } from '../../services/local-stores/redis-server-binary.ts'
import { serverAccount } from '../../services/local-stores/server-account.ts'
import { readArguments, usage, UsageError, type Options } from './arguments.ts'
import { buildServices } from './build.ts'
import { CgroupTree } from './cgroup-tree.ts'
import { readComposeFile } from './compose-file.ts'
import { openData } from './data.ts'
import * as define from './definitions.ts'
import { composeUp, engineAnswers } from './engine.ts'
import { freeShmBytes, lacks } from './lacks.ts'
import { StateFile } from './leftovers.ts'
import { LocalStack } from './local-stack.ts'
import { Logs } from './logs.ts'
import { openTree } from './open-tree.ts'

const services = ['api', 'worker', 'postgres', 'redis', 'lab']

try {
  const options = readArguments(process.argv.slice(2))
  const variables: Record<string, string | undefined> = { COMPOSE_PROJECT_NAME: 'limits-lab', ...dotenvFile(), ...process.env }
  if (options.help) process.stdout.write(usage)
  else if (!options.local && await engineAnswers(process.env)) process.exitCode = await withDocker(variables)
  else await withoutDocker(options, variables)
} catch (err) {
  process.exitCode = 2
  process.stderr.write(`npm start: ${(err as Error).message}\n${err instanceof UsageError ? `\n${usage}` : ''}`)
}

function dotenvFile (): Record<string, string> {
  return existsSync('.env') ? dotenv.parse(readFileSync('.env')) : {}
}

async function withDocker (variables: Record<string, string | undefined>): Promise<number> {
  const code = await composeUp(process.env)
  if (code === 0) process.stdout.write(urls(Number(variables.API_PORT || 3000), Number(variables.LAB_PORT || 8080)))
  return code
}

async function withoutDocker ({ namespaces, quiet, build }: Options, variables: Record<string, string | undefined>): Promise<void> {
  if (namespaces && process.getuid?.() !== 0) throw new Error('--namespaces needs root')
  const project = variables.COMPOSE_PROJECT_NAME!
  const postgresAccount = await serverAccount()
  const data = openData(resolve(variables.DATA_DIR || '.data'), postgresAccount)
  const logs = new Logs(quiet ? data.logs : null, services)

  if (build) await buildServices(text => logs.say(text))
  const opened = openTree(project)
  const tree = opened instanceof CgroupTree ? opened : null
  if (!(opened instanceof CgroupTree)) logs.say(noLimits(opened.because))
  const state = new StateFile(data.state)
  await state.endLeftovers(tree, text => logs.say(text))

  const stack = new LocalStack({ project, tree, hostTree: namespaces ? data.hostTree : null, logs, state })
  const stopping = stopOnSignal(stack, logs)
  const surroundings: define.Surroundings = {
    specs: readComposeFile(readFileSync('compose.yaml', 'utf8'), services, variables),
    ports: { api: Number(variables.API_PORT || 3000), lab: Number(variables.LAB_PORT || 8080), worker: await freePort(), postgres: await freePort(), redis: await freePort() },
    data,
    postgresAccount,
    redisServer: await redisServerBinary(text => logs.say(text)),
    searchPath: process.env.PATH ?? '',
    labSettings: {
      CGROUP_ROOT: namespaces ? data.hostTree : '/sys/fs/cgroup',
      WHOAMI: data.whoami,
      LAB_CGROUP: tree?.path ?? 'none',
      LAB_LACKS: lacks({ limits: tree !== null, namespaces, shmBytes: freeShmBytes() }),
      LAB_IMAGES: 'none=none'
    }
  }
  try {
    await stack.start([define.telling(await define.postgres(surroundings), data), define.telling(define.redis(surroundings), data)])
    await stack.start((['api', 'worker', 'lab'] as const).map(service => define.nodeService(service, surroundings)))
    logs.say(urls(surroundings.ports.api, surroundings.ports.lab).trimEnd())
  } catch (err) {
    if (stopping.isStopping) return
    await stack.stop()
    throw err
  }
}

/** Once: a second Ctrl-C does not cut short what the first began. */
function stopOnSignal (stack: LocalStack, logs: Logs): { isStopping: boolean } {
  const state = { isStopping: false }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (state.isStopping) return
      state.isStopping = true
      logs.say('stopping')
      stack.stop().then(() => process.exit(0), (err: Error) => {
        process.stderr.write(`npm start: ${err.message}\n`)
        process.exit(1)
      })
    })
  }
  return state
}

function noLimits (because: string): string {
  const hint = existsSync('/run/systemd/system') ? ' With limits: systemd-run --user --scope -p Delegate=yes npm start' : ''
  return `Running without limits: ${because}.${hint}`
}

function urls (api: number, lab: number): string {
  return `\n  lab   http://127.0.0.1:${lab}\n  api   http://127.0.0.1:${api}\n\n`
}
