/** Which buttons a sheet has at a moment, and what they say. Pure. */
import type { RunView } from '../../runs/wire.ts'

export interface Moment {
  run: Pick<RunView, 'state'> | null
  /** The title of another experiment that is running. */
  busyWith: string | null
  isChosen: boolean
  /** A request is on its way, or was heard and does not show yet. */
  pressed: 'run' | 'cancel' | null
}

export interface ButtonView { isShown: boolean, isDisabled: boolean, text: string }

/** One of the three is shown. */
export function runActions ({ run, busyWith, isChosen, pressed }: Moment): { run: ButtonView & { isMain: boolean }, cancel: ButtonView, verdict: ButtonView } {
  const isRunning = run?.state === 'running'
  return {
    run: {
      isShown: run === null,
      isDisabled: pressed === 'run' || busyWith !== null,
      text: pressed === 'run' ? 'Starting…' : isChosen ? 'Run' : 'Run without a prediction',
      isMain: isChosen
    },
    cancel: { isShown: isRunning, isDisabled: pressed === 'cancel', text: pressed === 'cancel' ? 'Cancelling…' : 'Cancel' },
    verdict: { isShown: run !== null && !isRunning, isDisabled: false, text: 'To the verdict' }
  }
}
