import { ConfigError, Env, type Environment } from '#shared/process/env.ts'

export interface Settings {
  project: string
  dataDir: string
  ports: { api: number, lab: number }
}

/**
 * What the starter itself takes from the environment and `.env`. `name`: of the project, as compose.yaml has it.
 * @throws ConfigError naming every setting that is wrong
 */
export function readSettings (variables: Environment, name: string): Settings {
  const env = new Env(variables)
  const project = env.text('COMPOSE_PROJECT_NAME', name)
  const port = (setting: string, fallback: number): number => env.whole(setting, { fallback, min: 1, max: 65535 })
  const settings = { project, dataDir: env.text('DATA_DIR', '.data'), ports: { api: port('API_PORT', 3000), lab: port('LAB_PORT', 8080) } }
  env.check()
  checkProjectName(project)
  if (settings.ports.api === settings.ports.lab) throw new ConfigError([`API_PORT and LAB_PORT must differ, both are ${settings.ports.api}`])
  return settings
}

/**
 * It becomes the name of directories: an empty or path-like one would be somebody else's. Compose takes the same names.
 * @throws ConfigError
 */
export function checkProjectName (name: string): void {
  if (/^[a-z0-9][a-z0-9_-]*$/.test(name)) return
  const rule = 'lower-case letters, digits, - and _, beginning with a letter or digit'
  throw new ConfigError([`COMPOSE_PROJECT_NAME must consist of ${rule}, got ${JSON.stringify(name)}`])
}
