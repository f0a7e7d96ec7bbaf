import type { Project } from '#lab/observing/containers/project-look-up.ts'
import type { Requirement } from '#lab/wire/live.ts'
import { Env, type Environment } from '#shared/process/env.ts'

/** @throws ConfigError naming every setting that is missing or wrong */
export function readConfig (environment: Environment) {
  const env = new Env(environment)
  const limitsSocket = environment.LIMITS_SOCKET ?? ''
  const attached = projectOf(environment)
  const config = {
    ...env.service({ port: 8080, shutdownMs: 4000 }),
    version: env.text('VERSION', 'dev'),
    project: attached?.name ?? environment.PROJECT ?? '',
    /** Another project that the lab watches, instead of its own stack; `null`: it watches its own. */
    attached,
    webAssets: env.text('WEB_ASSETS', 'dist/web'),
    /** The host's tree. Not over the lab's own /sys/fs/cgroup: that would change what Node believes about itself. */
    cgroupRoot: env.text('CGROUP_ROOT', '/host/sys/fs/cgroup'),
    /**
     * The cgroup below which cgroups are named like containers. Empty: an engine makes them, and its DNS says which is
     * which. `none`: there are none.
     */
    cgroup: environment.LAB_CGROUP ?? '',
    /** The lab was started without a cgroup of its own, so it does not measure itself. */
    hasNoCgroup: env.isNone('OWN_CGROUP'),
    /** What experiments cannot use here. */
    missing: [
      ...(attached === null ? [] : ['stack']),
      ...(limitsSocket === '' ? ['broker'] : []),
      ...words(environment.LAB_MISSING ?? '')
    ] as Requirement[],
    /** The directory in which the stores write what they see of themselves. */
    whoami: env.text('WHOAMI', '/whoami'),
    services: attached === null ? words(env.text('LAB_SERVICES', 'api worker postgres redis lab')) : [],
    images: pairs(env.text('LAB_IMAGES', 'none=none')),
    allowedHosts: env.hosts('LAB_ALLOWED_HOSTS'),
    hz: env.whole('LAB_HZ', { fallback: 4, min: 1, max: 20 }),
    keepSeconds: env.whole('LAB_KEEP_SECONDS', { fallback: 900, min: 10, max: 3600 }),
    maxContainers: env.whole('LAB_MAX_CONTAINERS', { fallback: 128, min: 1, max: 1024 }),
    maxStreams: env.whole('LAB_MAX_STREAMS', { fallback: 32, min: 1, max: 1024 }),
    bodyBytes: env.whole('MAX_BODY_BYTES', { fallback: 16_384, min: 256, max: 1_048_576 }),
    /** Whether experiments and loads may be started. Off where the stack is in real use. */
    experiments: env.oneOf('LAB_EXPERIMENTS', ['on', 'off'], 'on') === 'on',
    /** Where runs are kept; `null`: nowhere, because there are none. */
    databaseUrl: attached === null ? env.url('DATABASE_URL', 'DATABASE_PASSWORD_FILE') : null,
    migrations: env.text('MIGRATIONS', 'services/postgres/migrations'),
    /** The socket of the broker that changes limits; empty: there is none. */
    limitsSocket,
    apiUrl: env.text('API_URL', 'http://api:3000'),
    workerUrl: env.text('WORKER_URL', 'http://worker:9464')
  }
  env.check()
  return config
}

function projectOf ({ LAB_ATTACHED_TO: name, LAB_NAMED }: Environment): Project | null {
  return name ? { name, named: pairs(LAB_NAMED ?? '') } : null
}

function words (text: string): string[] {
  return text.split(/[\s,]+/).filter(word => word !== '')
}

/** `api=limits-lab-api:dev redis=redis:8` → the image of each service; so with containers and their services. */
function pairs (text: string): Map<string, string> {
  return new Map(words(text).map(pair => {
    const at = pair.indexOf('=')
    return [pair.slice(0, at), pair.slice(at + 1)]
  }))
}

export type Config = ReturnType<typeof readConfig>
