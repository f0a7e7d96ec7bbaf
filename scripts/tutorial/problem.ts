/** Something that is wrong, at a line of a Markdown file. */
export interface Problem {
  path: string
  line: number
  message: string
  /** What was expected, what came instead: one line of the report each. */
  details: string[]
}

/** Something that was not run, and why. */
export interface Skip {
  path: string
  line: number
  what: string
  reason: string
}
