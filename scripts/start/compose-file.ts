import { parse } from 'yaml'

/** What one service of compose.yaml says, as far as a plain process can follow it. */
export interface ServiceSpec {
  environment: Record<string, string>
  limits: ProcessLimits
}

export interface ProcessLimits {
  /** `null`: no limit, which is what Compose makes of 0. */
  cpus: number | null
  memoryBytes: number | null
  pids: number | null
}

type Variables = Record<string, string | undefined>

interface ComposeService {
  environment?: Record<string, string | number>
  deploy?: { resources?: { limits?: { cpus?: string, memory?: string, pids?: string | number } } }
}

/** Environment and limits of the named services. `${NAME:-default}` is filled in as Compose does. */
export function readComposeFile (text: string, services: string[], variables: Variables): Record<string, ServiceSpec> {
  const file = parse(text) as { services: Record<string, ComposeService> }
  const specs = services.map(name => {
    const { environment = {}, deploy } = file.services[name] ?? fail(`compose.yaml has no service ${name}`)
    const filled = Object.entries(environment).map(([key, value]) => [key, interpolate(String(value), variables)])
    return [name, { environment: Object.fromEntries(filled), limits: limitsOf(deploy?.resources?.limits ?? {}, variables) }]
  })
  return Object.fromEntries(specs)
}

/** `${NAME}` and `${NAME:-default}`: the default stands for a variable that is empty or not there. */
export function interpolate (text: string, variables: Variables): string {
  return text.replace(/\$\{(\w+)(?::-([^}]*))?\}/g, (_all, name: string, fallback = '') => variables[name] || fallback)
}

function limitsOf ({ cpus, memory, pids }: NonNullable<NonNullable<ComposeService['deploy']>['resources']>['limits'] & object, variables: Variables): ProcessLimits {
  const read = (value: string | number | undefined) => value === undefined ? undefined : interpolate(String(value), variables)
  return { cpus: unlessZero(number(read(cpus))), memoryBytes: unlessZero(bytes(read(memory))), pids: unlessZero(number(read(pids))) }
}

function unlessZero (value: number | null): number | null {
  return value === 0 ? null : value
}

function number (text: string | undefined): number | null {
  if (text === undefined) return null
  const value = Number(text)
  return Number.isFinite(value) && value >= 0 ? value : fail(`expected a number, got ${JSON.stringify(text)}`)
}

const powers: Record<string, number> = { '': 0, b: 0, k: 1, m: 2, g: 3 }

/** `256M`, `4g`, `1048576`: powers of 1024, as Compose reads them. */
export function bytes (text: string | undefined): number | null {
  if (text === undefined) return null
  const match = /^(\d+(?:\.\d+)?)\s*([bkmg]?)b?$/i.exec(text)
  if (match === null) return fail(`expected bytes such as 256M, got ${JSON.stringify(text)}`)
  return Math.floor(Number(match[1]) * 1024 ** powers[match[2]!.toLowerCase()]!)
}

function fail (message: string): never {
  throw new Error(message)
}
