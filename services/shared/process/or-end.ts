import { ConfigError } from './env.ts'

/**
 * The settings; or one line that says all that is wrong with them, and the end. Thrown on, they would come after the
 * bundle's line, of many kilobytes.
 */
export function orEnd<T> (readConfig: () => T): T {
  try {
    return readConfig()
  } catch (err) {
    if (!(err instanceof ConfigError)) throw err
    process.stderr.write(`${err.message}\n`)
    process.exit(1)
  }
}
