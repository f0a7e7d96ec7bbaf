import { until } from '#support/until.ts'
import { docker, inspectContainer, type Inspected } from './docker.ts'

/** The stack under test: the real compose.yaml, under a name, ports and image tags that are used for nothing else. */
export interface Stack {
  root: string
  project: string
  tag: string
  apiPort: number
  labPort: number
  /** In the order in which Compose reads them; by default compose.yaml alone. */
  files?: string[]
}

export const services = ['api', 'worker', 'lab', 'postgres', 'redis'] as const
export type Service = typeof services[number]

const NAME_IN_ENV = 'E2E_STACK'

/** Passes the stack from the set-up to the tests, which run in the same process but share no module with it. */
export function handOver (stack: Stack): void {
  process.env[NAME_IN_ENV] = JSON.stringify(stack)
}

export function stack (): Stack {
  const text = process.env[NAME_IN_ENV]
  if (!text) throw new Error('no stack is up: run this test in the project "e2e"')
  return JSON.parse(text) as Stack
}

/** `docker compose …` on the stack under test. */
export function compose (...args: string[]): Promise<string> {
  return composeWith({}, ...args)
}

/** The same, with settings as a user would write them into .env. */
export function composeWith (settings: Record<string, string>, ...args: string[]): Promise<string> {
  const { root, project, files = ['compose.yaml'] } = stack()
  // No .env: the tests are about the limits as the repository has them.
  const where = [
    '--project-name',
    project,
    '--project-directory',
    root,
    ...files.flatMap(file => ['--file', `${root}/${file}`]),
    '--env-file',
    '/dev/null'
  ]
  return docker(['compose', '--progress', 'quiet', ...where, ...args], { ...environment(), ...settings })
}

/** Leaves out the caller's own settings: every variable of compose.yaml is set here or has its default. */
function environment (): NodeJS.ProcessEnv {
  const { tag, apiPort, labPort } = stack()
  const settings = /^(API|WORKER|POSTGRES|REDIS|LAB|MAX|COMPOSE)_|^(WORK_ENDPOINTS|LOG_LEVEL|REGISTRY)$/
  const others = Object.entries(process.env).filter(([name]) => !settings.test(name))
  return { ...Object.fromEntries(others), TAG: tag, API_PORT: String(apiPort), LAB_PORT: String(labPort) }
}

export function inspect (service: Service, number = 1): Promise<Inspected> {
  return inspectContainer(containerName(service, number))
}

export function containerName (service: string, number = 1): string {
  return `${stack().project}-${service}-${number}`
}

/** Resolves when the health check of every service says that it is healthy. */
export async function untilHealthy (timeoutMs = 120_000): Promise<void> {
  for (const service of services) {
    await until(async () => (await inspect(service)).State.Health?.Status === 'healthy', {
      what: `${service} to be healthy`,
      timeoutMs
    })
  }
}

/** Identifies one life of a container. */
export async function lifeOf (service: Service): Promise<{ restarts: number, startedAt: string }> {
  const { RestartCount, State } = await inspect(service)
  return { restarts: RestartCount, startedAt: State.StartedAt }
}
