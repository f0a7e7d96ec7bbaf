import type { RawRequest } from './http-text.ts'
import { send, type RawAnswer } from './send-bytes.ts'

const AT_ONCE = 16
const ENOUGH_FAULTS = 10

/** A request, its port, and what is wrong with the answer (`null` if nothing is). No answer is a closed connection. */
export interface Shot {
  request: RawRequest
  port: number
  faultOf: (answer: RawAnswer | null) => string | null
}

export interface Outcome {
  /** The first few faults. */
  faults: string[]
  /** How often each status came, or `closed`, or `silence`. */
  answers: Record<string, number>
}

/** Sends `count` requests, several at a time. */
export async function barrage (count: number, shot: (number: number) => Shot): Promise<Outcome> {
  const outcome: Outcome = { faults: [], answers: {} }
  let sent = 0
  const client = async (): Promise<void> => {
    while (sent < count && outcome.faults.length < ENOUGH_FAULTS) await fire(shot(sent++), outcome)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, client))
  return outcome
}

async function fire ({ request, port, faultOf }: Shot, { faults, answers }: Outcome): Promise<void> {
  const answer = await send(request, port).catch((err: Error) => err)
  const fault = answer instanceof Error ? answer.message : faultOf(answer)
  const got = answer instanceof Error ? 'silence' : answer?.status ?? 'closed'
  answers[got] = (answers[got] ?? 0) + 1
  if (fault !== null) faults.push(`${request.what}: ${fault}`)
}
