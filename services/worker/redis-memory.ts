import { Router } from 'express'
import { ErrorReply } from 'redis'
import { methodNotAllowed, Refusal } from '#shared/http/problem.ts'

const MIN_MIB = 64
const MAX_MIB = 1024

/** The part of a Redis client that is used here. */
export interface Scripting {
  isReady: boolean
  eval: (script: string, options: { arguments: string[] }) => Promise<unknown>
}

/** `lost`: the connection broke while the script ran, which happens when the kernel kills Redis. */
export interface FillResult { mib: number, connection: 'kept' | 'lost' }

/**
 * Makes strings of one MiB each, all different, because Lua keeps equal strings once. Redis checks maxmemory before a
 * script, and never counts what a script holds, so this exceeds the container's limit and not Redis' own. The script
 * writes nothing, so it is not in the log that a restarted Redis reads.
 */
const FILL = `
local mebibyte = string.rep('x', 1048576)
local held = {}
for i = 1, tonumber(ARGV[1]) do held[i] = i .. mebibyte end
local count = #held
held = nil
collectgarbage()
return count`

/**
 * `POST /redis-memory?mib=`: lets Redis outgrow its container. The path exists only inside the stack's network, and not
 * if WORK_ENDPOINTS is off.
 */
export function redisMemoryRoutes (redis: Scripting): Router {
  const router = Router()
  router.post('/redis-memory', async (req, res) => {
    const mib = mibIn(req.query.mib)
    // Otherwise the client would keep the script until Redis is back, and kill Redis then, although the caller has
    // gone.
    if (!redis.isReady) throw new Refusal({ status: 503, code: 'redis_unavailable', detail: 'Redis does not answer; there is nothing to fill.' })
    res.json(await fill(redis, mib))
  })
  router.all('/redis-memory', methodNotAllowed('POST'))
  return router
}

/** @throws ErrorReply when Redis refuses the script */
async function fill (redis: Scripting, mib: number): Promise<FillResult> {
  try {
    await redis.eval(FILL, { arguments: [String(mib)] })
    return { mib, connection: 'kept' }
  } catch (err) {
    if (err instanceof ErrorReply) throw err
    return { mib, connection: 'lost' }
  }
}

function mibIn (text: unknown): number {
  const mib = typeof text === 'string' && /^\d{1,6}$/.test(text) ? Number(text) : NaN
  if (mib >= MIN_MIB && mib <= MAX_MIB) return mib
  const detail = `expected a whole number from ${MIN_MIB} to ${MAX_MIB}`
  throw new Refusal({ status: 400, code: 'invalid_request', detail: `mib: ${detail}`, faults: [{ at: 'mib', detail }] })
}
