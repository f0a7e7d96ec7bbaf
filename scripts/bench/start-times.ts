import { docker, type Stack } from './stack.ts'

/** When a container reached each step, in seconds after `docker compose up` began; `null`: it showed no such step. */
export interface Times {
  created: number | null
  started: number | null
  /** It logged that it serves. It may still wait for a store. */
  serves: number | null
  /** The end of the first health check that passed; for the one-shot the end of its work. */
  ready: number | null
}

export const steps = ['created', 'started', 'serves', 'ready'] as const satisfies Array<keyof Times>

interface Inspected {
  Id: string
  Created: string
  Config: { Labels: Record<string, string> }
  State: { StartedAt: string, FinishedAt: string, Health?: { Log: Array<{ End: string, ExitCode: number }> } }
}

const SERVES = /ready to accept connections|"msg":"(listening|working|watching the stack)"/i

/** The times of every service of the stack, whose start began at this moment. */
export async function startTimes (stack: Stack, beganAtMs: number): Promise<Map<string, Times>> {
  const ids = (await stack.compose('ps', '--all', '--quiet')).trim().split('\n')
  const containers = JSON.parse(await docker('inspect', ...ids)) as Inspected[]
  const since = (time: string | null): number | null => time === null ? null : (Date.parse(time) - beganAtMs) / 1000
  return new Map(await Promise.all(containers.map(async ({ Id, Created, Config, State }): Promise<[string, Times]> => {
    const service = Config.Labels['com.docker.compose.service']!
    const serves = lastServing(await stack.compose('logs', '--no-log-prefix', '--timestamps', service))
    const passed = State.Health?.Log.find(({ ExitCode }) => ExitCode === 0)?.End ?? null
    const ready = State.Health === undefined ? State.FinishedAt : passed
    const [created, started] = [since(Created), since(State.StartedAt)]
    return [service, { created, started, serves: since(serves), ready: since(ready) }]
  })))
}

/** The last one: while Postgres makes its database, a temporary server says the same. */
function lastServing (log: string): string | null {
  return log.split('\n').findLast(line => SERVES.test(line))?.split(' ')[0] ?? null
}
