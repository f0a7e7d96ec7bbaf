import DataLoader from 'dataloader'

/** At most this many are asked together, so that no answer takes long. */
const MOST = 100

/**
 * Asks one question for many callers. What is asked while an answer is on its way waits for it, and is then asked
 * together: a single caller does not wait, and under load one commit serves many. `ask` gets inputs in the order of the
 * calls, and answers in that order.
 *
 * If they cannot be asked together, each is asked alone, so that no caller gets the error of another.
 */
export function together<In, Out> (
  ask: (inputs: readonly In[]) => Promise<Out[]>,
  canAskAlone: (err: unknown) => boolean
): (input: In) => Promise<Out> {
  let onTheWay: Promise<unknown> = Promise.resolve()
  const loader = new DataLoader<In, Out>(inputs => {
    const answers = ask(inputs).catch(err => {
      if (inputs.length === 1 || !canAskAlone(err)) throw err
      return askEach(inputs, ask)
    })
    onTheWay = answers.catch(() => {})
    return answers
  }, { cache: false, maxBatchSize: MOST, batchScheduleFn: dispatch => { onTheWay.then(dispatch) } })
  return input => loader.load(input)
}

function askEach<In, Out> (
  inputs: readonly In[], ask: (inputs: readonly In[]) => Promise<Out[]>
): Promise<Array<Out | Error>> {
  return Promise.all(inputs.map(input => ask([input]).then(([answer]) => answer!, (err: Error) => err)))
}
