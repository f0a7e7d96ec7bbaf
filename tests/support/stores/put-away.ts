type Step = () => void | Promise<void>

const steps: Step[] = []

/** Remembers how to undo what was just done; setup and teardown share this list. */
export function putAwayLater (step: Step): void {
  steps.unshift(step)
}

/** Undoes everything, newest first. A step that fails does not keep the others from running. */
export async function putAwayAll (): Promise<void> {
  const failures: unknown[] = []
  for (const step of steps.splice(0)) {
    try { await step() } catch (err) { failures.push(err) }
  }
  if (failures.length > 0) throw new AggregateError(failures, `could not put away the test stores: ${failures.map(String).join('; ')}`)
}
