import { parseAuthority, type Authority } from '#shared/http/authority.ts'
import { readPassword } from './password-file.ts'

/** All faults of the environment at once, so that nobody has to fix them one start at a time. */
export class ConfigError extends Error {
  override name = 'ConfigError'

  constructor (problems: string[]) {
    super(problems.join('; '))
  }
}

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = typeof logLevels[number]

export type Environment = Record<string, string | undefined>

interface WholeRange { fallback: number, min: number, max: number }

/**
 * Reads settings from an environment. Faults are gathered; `check()` throws them together.
 * An empty value counts as not set: Compose passes `${NAME:-}` on as an empty string.
 */
export class Env {
  readonly #env: Environment
  readonly #problems: string[] = []

  constructor (env: Environment) {
    this.#env = env
  }

  text (name: string, fallback?: string): string {
    const value = this.#env[name] || fallback
    if (value === undefined) this.#problems.push(`${name} is not set`)
    return value ?? ''
  }

  whole (name: string, { fallback, min, max }: WholeRange): number {
    const text = this.#env[name]
    if (!text) return fallback
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN
    if (value >= min && value <= max) return value
    this.#problems.push(`${name} must be a whole number from ${min} to ${max}, got ${JSON.stringify(text)}`)
    return fallback
  }

  oneOf<T extends string> (name: string, choices: readonly T[], fallback: T): T {
    const text = this.#env[name] || fallback
    const found = choices.find(choice => choice === text)
    if (found === undefined) this.#problems.push(`${name} must be one of ${choices.join(', ')}, got ${JSON.stringify(text)}`)
    return found ?? fallback
  }

  /** For things that are detected unless the setting says that there are none: the value is empty or `none`. */
  isNone (name: string): boolean {
    const text = this.#env[name]
    if (text && text !== 'none') this.#problems.push(`${name} must be empty or none, got ${JSON.stringify(text)}`)
    return text === 'none'
  }

  /** A URL. If the setting `passwordFile` names a file, the password in it is put into the URL. */
  url (name: string, passwordFile: string): string {
    const text = this.text(name)
    const password = this.#secret(passwordFile)
    const url = URL.canParse(text) ? new URL(text) : null
    if (url === null) {
      if (text !== '') this.#problems.push(`${name} must be a URL`)
      return ''
    }
    if (password !== null) url.password = encodeURIComponent(password)
    return url.href
  }

  /** Names and addresses, separated by spaces or commas. */
  hosts (name: string): Authority[] {
    const texts = (this.#env[name] ?? '').split(/[\s,]+/).filter(text => text !== '')
    const hosts = texts.map(parseAuthority).filter(host => host !== null)
    const wrong = texts.filter(text => parseAuthority(text) === null).map(text => JSON.stringify(text))
    const allowed = 'names and addresses, for one port or for all, as in "lab.example.org:8443 lab.example.org [2001:db8::1]"'
    if (wrong.length > 0) this.#problems.push(`${name} takes ${allowed}, got ${wrong.join(', ')}`)
    return hosts
  }

  /** The settings that every service has; only their fallbacks differ. */
  service ({ port, shutdownMs }: { port: number, shutdownMs: number }) {
    return {
      port: this.whole('PORT', { fallback: port, min: 1, max: 65535 }),
      /** The address to listen on; empty for all. */
      host: this.#env.HOST ?? '',
      logLevel: this.oneOf('LOG_LEVEL', logLevels, 'info'),
      shutdownMs: this.whole('SHUTDOWN_MS', { fallback: shutdownMs, min: 100, max: 600_000 })
    }
  }

  check (): void {
    if (this.#problems.length > 0) throw new ConfigError(this.#problems)
  }

  #secret (name: string): string | null {
    const path = this.#env[name]
    if (!path) return null
    try {
      return readPassword(path)
    } catch (err) {
      this.#problems.push(`${name}: ${(err as Error).message}`)
      return null
    }
  }
}

/**
 * Returns the settings, or prints one line with everything that is wrong with them and exits. As an uncaught error,
 * that line would come after the source line of the bundle, which has many kilobytes.
 */
export function readOrExit<T> (readConfig: () => T): T {
  try {
    return readConfig()
  } catch (err) {
    if (!(err instanceof ConfigError)) throw err
    process.stderr.write(`${err.message}\n`)
    process.exit(1)
  }
}
