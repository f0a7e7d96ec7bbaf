/** Where a command writes. */
export interface Terminal {
  isTerminal: boolean
  print: (text: string) => void
}

export interface Context {
  /** Where the lab answers, without a slash at the end. */
  url: string
  terminal: Terminal
  /** Ctrl-C. */
  signal: AbortSignal
}

/** 0 = fine, 1 = something did not hold, 2 = wrong usage, or the lab does not answer or refuses. */
export type ExitCode = 0 | 1 | 2

/** `lab <name> …` */
export interface Command {
  name: string
  /** What may follow `lab`: `ps [--watch] [--json]`. */
  synopsis: string
  /** For the usage: what it does, then a line an option. */
  help: string
  /** @throws UsageError, Unreachable, Refused */
  run: (args: string[], context: Context) => Promise<ExitCode>
}
