import { parse } from 'yaml'
import { ConfigError, type Environment } from '#shared/process/env.ts'
import { interpolate } from '#shared/process/interpolate.ts'
import { bytesIn, cpusIn, pidsIn } from './limit-values.ts'

/** What compose.yaml says about one service, as far as it applies to a plain process. */
export interface ServiceSpec {
  environment: Record<string, string>
  limits: ProcessLimits
  /** Each limit as it was set, for error messages: `WORKER_CPUS=0.50`. */
  settings: Record<keyof ProcessLimits, string>
}

/** `null` is no limit. */
export interface ProcessLimits {
  cpus: number | null
  memoryBytes: number | null
  pids: number | null
}

type LimitTexts = { cpus?: string | number, memory?: string | number, pids?: string | number }

interface ComposeService {
  environment?: Record<string, string | number>
  deploy?: { resources?: { limits?: LimitTexts } }
}

/** The name of the project, unless a variable gives another. */
export function nameIn (text: string): string {
  return (parse(text) as { name: string }).name
}

/**
 * The environment and the limits of the named services.
 * @throws ConfigError that names every invalid limit, and what is allowed
 */
export function readComposeFile (
  text: string, services: string[], variables: Environment
): Record<string, ServiceSpec> {
  const file = parse(text) as { services: Record<string, ComposeService> }
  const fill = (value: string | number): string => interpolate(String(value), name => variables[name])
  const problems: string[] = []
  const specs = services.map(name => {
    const { environment = {}, deploy } = file.services[name] ?? fail(`compose.yaml has no service ${name}`)
    const filled = Object.entries(environment).map(([key, value]) => [key, fill(value)])
    const limits = limitsOf(name, deploy?.resources?.limits ?? {}, fill, problems)
    return [name, { environment: Object.fromEntries(filled), ...limits }]
  })
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.fromEntries(specs)
}

function limitsOf (
  service: string, texts: LimitTexts, fill: (text: string | number) => string, problems: string[]
): Omit<ServiceSpec, 'environment'> {
  const read = (key: keyof LimitTexts, parse: (text: string) => number | null): number | null => {
    try {
      return texts[key] === undefined ? null : parse(fill(texts[key]))
    } catch (err) {
      problems.push(`${settingOf(service, key, texts)} ${(err as Error).message}`)
      return null
    }
  }
  const setting = (key: keyof LimitTexts): string => `${settingOf(service, key, texts)}=${fill(texts[key] ?? '')}`
  return {
    limits: { cpus: read('cpus', cpusIn), memoryBytes: read('memory', bytesIn), pids: read('pids', pidsIn) },
    settings: { cpus: setting('cpus'), memoryBytes: setting('memory'), pids: setting('pids') }
  }
}

/** The variable that sets a limit: WORKER_CPUS in `${WORKER_CPUS:-0.50}`. */
function settingOf (service: string, key: keyof LimitTexts, texts: LimitTexts): string {
  return /\$\{(\w+)/.exec(String(texts[key]))?.[1] ?? `the limit ${key} of ${service}`
}

function fail (message: string): never {
  throw new Error(message)
}
