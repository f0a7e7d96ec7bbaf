import { parseArgs } from 'node:util'

export interface Options {
  /** Renew the outputs in the files. */
  write: boolean
  list: boolean
  /** Build the images; otherwise those with the tag TAG are used. */
  build: boolean
  /** How many times as long as the text says a step may take: for machines that are slow, such as emulated ones. */
  patience: number
  help: boolean
  /** Numbers of chapters, and paths of Markdown files. */
  chosen: string[]
}

const MOST_PATIENCE = 60

export class UsageError extends Error {
  override name = 'UsageError'
}

export const usage = `Usage: npm run tutorial [-- options] [chapter …]

Runs the commands of the tutorial in a fresh clone, on a stack of its own, and compares what comes with what is shown.
A chapter is its number, or the path of any Markdown file; without one all chapters, README, CONTRIBUTING and docs run.

  --write      renew the outputs in the files
  --list       list the chapters, and run nothing
  --no-build   use the images limits-lab-*:$TAG (dev, unless TAG is set) instead of building them
  --patience N allow each step N times as long as the text says, at most 60: for slow machines, such as emulated ones

Exit code: 0 = all is as the text says, 1 = something is not, 2 = wrong usage, or the run could not begin.
`

/** @throws UsageError */
export function readArguments (args: string[]): Options {
  const flag = { type: 'boolean', default: false } as const
  try {
    const options = {
      write: flag,
      list: flag,
      build: { ...flag, default: true },
      help: { ...flag, short: 'h' },
      patience: { type: 'string', default: '1' }
    } as const
    const { values, positionals } = parseArgs({ args, options, allowNegative: true, allowPositionals: true })
    return { ...values, patience: readPatience(values.patience), chosen: positionals }
  } catch (err) {
    throw new UsageError((err as Error).message)
  }
}

function readPatience (text: string): number {
  const patience = /^\d+$/.test(text) ? Number(text) : NaN
  if (patience >= 1 && patience <= MOST_PATIENCE) return patience
  throw new UsageError(`--patience: expected a whole number from 1 to ${MOST_PATIENCE}, got ${JSON.stringify(text)}`)
}

/**
 * The files to run, in their order; `all` are the chapters and then the other documents.
 * @throws UsageError for a word that names none
 */
export function choose (chosen: string[], all: string[]): string[] {
  if (chosen.length === 0) return all
  return chosen.map(word => {
    const number = /^\d{1,2}$/.test(word) ? word.padStart(2, '0') : null
    const found = number === null ? all.find(path => path === word) : all.find(path => path.startsWith(`tutorial/${number}-`))
    if (found === undefined) throw new UsageError(`there is no chapter or document ${JSON.stringify(word)}`)
    return found
  })
}
