import { statfsSync } from 'node:fs'
import { ConfigError, Env, type Environment } from '#shared/process/env.ts'

export interface Settings {
  project: string
  dataDir: string
  ports: { api: number, lab: number }
}

/**
 * The settings that the starter itself reads from the environment and `.env`.
 * @param name of the project, as it stands in compose.yaml
 * @throws ConfigError that names every wrong setting
 */
export function readSettings (variables: Environment, name: string): Settings {
  const env = new Env(variables)
  const project = env.text('COMPOSE_PROJECT_NAME', name)
  const port = (setting: string, fallback: number): number => env.whole(setting, { fallback, min: 1, max: 65535 })
  const ports = { api: port('API_PORT', 3000), lab: port('LAB_PORT', 8080) }
  const dataDir = env.text('DATA_DIR', '.data')
  env.check()
  checkProjectName(project)
  if (ports.api === ports.lab) throw new ConfigError([`API_PORT and LAB_PORT must differ, both are ${ports.api}`])
  return { project, dataDir, ports }
}

/**
 * Accepts the names that Compose accepts. The name becomes that of directories, so an empty or path-like name would
 * mean directories that are not ours.
 * @throws ConfigError
 */
export function checkProjectName (name: string): void {
  if (/^[a-z0-9][a-z0-9_-]*$/.test(name)) return
  const rule = 'lower-case letters, digits, - and _, beginning with a letter or digit'
  throw new ConfigError([`COMPOSE_PROJECT_NAME must consist of ${rule}, got ${JSON.stringify(name)}`])
}

/** The experiment tmpfs-counts fills 96 MiB; compose.yaml gives the worker 192 MiB (shm_size). */
const SHM_BYTES = 128 * 1024 * 1024

/** What experiments will not have here, as a value of LAB_MISSING. */
export function missing (has: { limits: boolean, namespaces: boolean, shmBytes: number }): string {
  const maybe = [!has.limits && 'limits', !has.namespaces && 'namespaces', has.shmBytes < SHM_BYTES && 'shm']
  return [...maybe.filter(Boolean), 'network', 'image'].join(' ')
}

/**
 * The room in the tmpfs that every process may write to: 64 MiB in most CI containers, elsewhere half of the memory.
 */
export function freeShmBytes (path = '/dev/shm'): number {
  try {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  } catch {
    return 0
  }
}
