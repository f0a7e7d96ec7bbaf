import * as z from 'zod'
import type { LoadSpec } from '#lab/wire/load.ts'

export const MAX_RATE = 10_000
export const MAX_SECONDS = 600
export const MAX_STEPS = 10
export const MAX_CONNECTIONS = 500
export const MAX_TIMEOUT_SECONDS = 60

/** A path goes into the request as it is, so it must not hold anything that could end the line. */
const PATH = /^\/[\x21-\x7e]{0,1999}$/

/** What a load may be, apart from where it goes. */
export const anyTarget = z.strictObject({
  method: z.enum(['GET', 'POST']).optional(),
  path: z.string({ error: wantsPath }).regex(PATH, { error: wantsPath }),
  body: z.json().optional(),
  ratesPerSecond: z
    .array(between(0.1, MAX_RATE), { error: wantsRates })
    .min(1, { error: wantsRates })
    .max(MAX_STEPS, { error: wantsRates }),
  durationSeconds: between(1, MAX_SECONDS).default(20),
  connections: whole(1, MAX_CONNECTIONS).default(100),
  timeoutSeconds: between(0.1, MAX_TIMEOUT_SECONDS).default(30)
})

/**
 * The body of POST /api/loads. It names a service of the stack and a path, never an address: the lab must not be a way
 * to reach anything else. Everything that a load can use is bounded here.
 */
export const loadRequest: z.ZodType<LoadSpec> =
  asSpec(anyTarget.extend({ service: z.enum(['api', 'worker']).default('api') }))

/** The same where the lab is attached to another project: a service that was found there, and its port. */
export function attachedLoadRequest (found: () => string[]): z.ZodType<LoadSpec> {
  return asSpec(anyTarget.extend(foundTarget(found)))
}

/** Where a load or a sweep may go beside another project. */
export function foundTarget (found: () => string[]) {
  const error = () => `expected a service that was found here: ${found().join(', ') || 'there is none yet'}`
  return { service: z.string({ error }).refine(name => found().includes(name), { error }), port: whole(1, 65_535) }
}

type Request = z.output<typeof anyTarget> & Pick<LoadSpec, 'service' | 'port'>

function asSpec (schema: z.ZodType<Request>): z.ZodType<LoadSpec> {
  return schema
    .refine(({ method, body }) => method !== 'GET' || body === undefined, {
      path: ['body'],
      error: 'only a POST has a body'
    })
    .transform(({ method, body, ...rest }): LoadSpec => ({
      ...rest, method: method ?? (body === undefined ? 'GET' : 'POST'), ...(body !== undefined && { body })
    }))
}

function wantsPath (): string { return 'expected a path that begins with /, without spaces, of at most 2000 characters' }

function wantsRates (): string { return `expected 1 to ${MAX_STEPS} rates` }

function between (min: number, max: number) {
  const error = `expected a number from ${min} to ${max}`
  return z.number({ error }).min(min, { error }).max(max, { error })
}

function whole (min: number, max: number) {
  const error = `expected a whole number from ${min} to ${max}`
  return z.int({ error }).min(min, { error }).max(max, { error })
}
