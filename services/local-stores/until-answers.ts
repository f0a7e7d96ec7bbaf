import { setTimeout as pause } from 'node:timers/promises'

export interface Asked {
  /** What is being waited for, as the error names it. */
  what: string
  /** One attempt: connects, asks, and throws when there was no answer. */
  ask: () => Promise<unknown>
  timeoutMs: number
  hasEnded: () => boolean | Promise<boolean>
  lastOutput: () => string | Promise<string>
}

/** Asks again and again until the server answers, has ended, or has had its time. */
export async function untilAnswers ({ what, ask, timeoutMs, hasEnded, lastOutput }: Asked): Promise<void> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const failure = await ask().then(() => null, (err: unknown) => String(err))
    if (failure === null) return
    const ended = await hasEnded()
    if (ended || Date.now() > deadline) {
      const verdict = ended ? 'ended before it answered' : `did not answer within ${timeoutMs / 1000} s`
      throw new Error(`${what} ${verdict} (${failure}). Its last output:\n${await lastOutput() || '(none)'}`)
    }
    await pause(50)
  }
}
