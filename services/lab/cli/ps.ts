import { setTimeout as pause } from 'node:timers/promises'
import type { Sample } from '../wire.ts'
import { tableOf } from './table.ts'

export interface PsOptions { watch: boolean, json: boolean }

export interface Terminal {
  isTerminal: boolean
  print: (text: string) => void
}

const EVERY_MS = 1000
/** Cursor to the corner; then each line and what is below it is cleared as the new text comes, which does not flicker. */
const HOME = '\x1b[H'
const REST_OF_LINE = '\x1b[K'
const REST_OF_SCREEN = '\x1b[J'

/** Prints what every container uses, once or once a second until `signal`. */
export async function ps (ask: () => Promise<Sample>, { watch, json }: PsOptions, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const print = (text: string) => terminal.print(watch && !json && terminal.isTerminal ? redrawn(text) : text)
  const render = (sample: Sample) => json ? `${JSON.stringify(sample)}\n` : tableOf(sample)
  print(render(await ask()))
  if (!watch) return
  while (await isStillWanted(signal)) print(render(await ask()))
}

function redrawn (text: string): string {
  return HOME + text.replaceAll('\n', `${REST_OF_LINE}\n`) + REST_OF_SCREEN
}

async function isStillWanted (signal: AbortSignal): Promise<boolean> {
  await pause(EVERY_MS, undefined, { signal }).catch(() => {})
  return !signal.aborted
}
