/** The buttons of a sheet at a moment, with their texts. Pure. */
import type { RunView } from '#lab/wire/experiments.ts'

export interface ButtonView { isShown: boolean, isDisabled: boolean, text: string, isMain?: boolean }

export type RunAction = 'run' | 'cancel' | 'verdict'

export interface Moment {
  run: Pick<RunView, 'state'> | null
  /** Another experiment is running. */
  isBusy: boolean
  isChosen: boolean
  /** The button whose request is on its way, or was accepted without an effect so far. */
  pressed: RunAction | null
}

/** Always one of the three is shown. */
export function runActions ({ run, isBusy, isChosen, pressed }: Moment): Record<RunAction, ButtonView> {
  const isRunning = run?.state === 'running'
  return {
    run: {
      isShown: run === null,
      isDisabled: pressed === 'run' || isBusy,
      text: pressed === 'run' ? 'Starting…' : isChosen ? 'Run' : 'Run without a prediction',
      isMain: isChosen
    },
    cancel: {
      isShown: isRunning,
      isDisabled: pressed === 'cancel',
      text: pressed === 'cancel' ? 'Cancelling…' : 'Cancel'
    },
    verdict: { isShown: run !== null && !isRunning, isDisabled: false, text: 'To the verdict' }
  }
}
