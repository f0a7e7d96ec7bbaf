import { setTimeout as pause } from 'node:timers/promises'
import type { Sample } from '#lab/wire/live.ts'
import { readOptions } from './arguments.ts'
import { askLab } from './ask.ts'
import type { Command, Terminal } from './command.ts'
import { tableOf } from './table.ts'

export const psCommand: Command = {
  name: 'ps',
  synopsis: 'ps [--watch] [--json]',
  help: `
ps: what every container uses, of what it may use
  --watch   again every second, until Ctrl-C
  --json    as JSON: one line a sample, units in the names`,
  run: async (args, { url, terminal, signal }) => {
    await ps(() => askLab<Sample>(`${url}/api/containers`), readPsOptions(args), terminal, signal)
    return 0
  }
}

export interface PsOptions { watch: boolean, json: boolean }

/** @throws UsageError */
export function readPsOptions (args: string[]): PsOptions {
  const { watch = false, json = false } = readOptions(args, { watch: { type: 'boolean', short: 'w' }, json: { type: 'boolean' } }).values
  return { watch, json }
}

const EVERY_MS = 1000
/**
 * Cursor to the corner; then each line and what is below it is cleared as the new text comes, which does not flicker.
 */
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
