import { setTimeout as pause } from 'node:timers/promises'

export interface Question {
  /** Who is asked, as the error names it. */
  what: string
  /** One attempt: connects, asks, and throws when there was no answer. */
  ask: () => Promise<unknown>
  timeoutMs: number
}

/** What is known of a server that does not answer. */
export interface Asked {
  readonly hasEnded: boolean | Promise<boolean>
  readonly lastOutput: string | Promise<string>
}

/** Asks again and again until the server answers, has ended, or has had its time. */
export async function untilAnswers ({ what, ask, timeoutMs }: Question, server: Asked): Promise<void> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const failure = await ask().then(() => null, (err: unknown) => String(err))
    if (failure === null) return
    const hasEnded = await server.hasEnded
    if (hasEnded || performance.now() > deadline) {
      const verdict = hasEnded ? 'ended before it answered' : `did not answer within ${timeoutMs / 1000} s`
      throw new Error(`${what} ${verdict} (${failure}). Its last output:\n${await server.lastOutput || '(none)'}`)
    }
    await pause(50)
  }
}
