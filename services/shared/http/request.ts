import type * as z from 'zod'
import { Refusal, type Fault } from './problem.ts'

/** @throws Refusal (400) that names every fault of `input` and what is allowed instead */
export function check<T extends z.ZodType> (schema: T, input: unknown): z.output<T> {
  const checked = schema.safeParse(input)
  if (checked.success) return checked.data
  const faults = distinct(checked.error.issues.map(toFault))
  const detail = faults.map(({ at, detail }) => `${at}: ${detail}`).join('; ')
  throw new Refusal({ status: 400, code: 'invalid_request', detail, faults })
}

/** A number that is both too large and no safe integer is told once. */
function distinct (faults: Fault[]): Fault[] {
  return [...new Map(faults.map(fault => [`${fault.at} ${fault.detail}`, fault])).values()]
}

/** Not the input itself: what was sent may be long, and may be a secret sent to the wrong place. */
function toFault ({ path, message }: z.core.$ZodIssue): Fault {
  return { at: path.length === 0 ? 'request' : path.map(String).join('.').slice(0, 200), detail: message.slice(0, 500) }
}
