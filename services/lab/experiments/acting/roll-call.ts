import type { RollCall } from '#lab/experiments/judging/roll-call.ts'
import { whoami, type Whoami } from '#shared/process/whoami.ts'
import type { Stage } from './stage.ts'

/** What every service's container sees of itself. @throws NotMeasured when the API or the worker does not answer */
export async function rollCall (stage: Stage): Promise<RollCall> {
  return {
    api: await stage.json<Whoami>('api', '/whoami'),
    worker: await stage.json<Whoami>('worker', '/whoami'),
    postgres: await stage.whoIsStore('postgres'),
    redis: await stage.whoIsStore('redis'),
    lab: whoami()
  }
}
