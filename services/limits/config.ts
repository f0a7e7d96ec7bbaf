import { Env, type Environment } from '#shared/process/env.ts'

/** @throws ConfigError naming every setting that is missing or wrong */
export function readConfig (environment: Environment) {
  const env = new Env(environment)
  const config = {
    project: env.text('PROJECT'),
    /** This service, whose own limits stay as they are. */
    own: env.text('OWN_SERVICE', 'limits'),
    engineSocket: env.text('ENGINE_SOCKET', '/var/run/docker.sock'),
    /** The one way in. */
    socket: env.text('LIMITS_SOCKET', '/run/limits/limits.sock'),
    kept: env.text('KEPT', '/kept/limits.json'),
    cgroupRoot: env.text('CGROUP_ROOT', '/host/sys/fs/cgroup'),
    leaseSeconds: env.whole('LEASE_SECONDS', { fallback: 15, min: 5, max: 600 }),
    logLevel: env.service({ port: 1, shutdownMs: 8000 }).logLevel,
    shutdownMs: env.whole('SHUTDOWN_MS', { fallback: 8000, min: 100, max: 600_000 })
  }
  env.check()
  return config
}
