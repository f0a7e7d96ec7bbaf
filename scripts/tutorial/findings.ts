import type { CgroupVersion } from './attributes.ts'
import type { Expected, Step } from './block.ts'
import type { Chapter, Part } from './chapter.ts'
import type { Script } from './comment.ts'
import { compared, exitProblem, scriptProblem, type Found } from './judge.ts'
import { match } from './match.ts'
import type { Problem, Skip } from './problem.ts'
import type { Ran } from './terminal.ts'
import { renewed, type Renewal } from './write.ts'

/** What was found by running a chapter. */
export interface Outcome {
  chapter: Chapter
  /** Steps and claims. */
  passed: number
  problems: Problem[]
  skipped: Skip[]
  renewals: Renewal[]
}

interface Reading {
  cgroup: CgroupVersion
  /** An output as a reader sees it. */
  toReader: (output: string) => string
  /** Aborted when the run is to end at once. */
  signal: AbortSignal
}

/** Compares what came with what the chapter says, and keeps what was found. */
export class Findings {
  readonly outcome: Outcome
  readonly #reading: Reading

  constructor (chapter: Chapter, reading: Reading) {
    this.outcome = { chapter, passed: 0, problems: [], skipped: [], renewals: [] }
    this.#reading = reading
  }

  get hasProblems (): boolean { return this.outcome.problems.length > 0 }

  /** What a run that was aborted did not do is no problem of the chapter. */
  complain ({ line, message, details }: Found): void {
    if (this.#reading.signal.aborted) return
    this.outcome.problems.push({ path: this.outcome.chapter.path, line, message, details })
  }

  /** Returns whether the step ended as it was to. */
  judgeStep (step: Step, ran: Ran): boolean {
    const problem = exitProblem(step, ran, this.#reading.toReader)
    if (problem !== null) {
      this.complain(problem)
      return false
    }
    const expected = this.#expectedOf(step)
    if (expected === null || this.#compare(expected, this.#reading.toReader(ran.output))) this.outcome.passed++
    return true
  }

  /** Returns whether a setup, a claim or an after succeeded. */
  judgeScript (script: Script, ran: Ran): boolean {
    const problem = scriptProblem(script, ran, this.#reading.toReader)
    if (problem !== null) this.complain(problem)
    else if (script.kind === 'claim') this.outcome.passed++
    return problem === null
  }

  /** Whether an output has all that the chapter shows of it; `null` if it shows nothing. */
  isShown (step: Step, output: string): boolean | null {
    const expected = this.#expectedOf(step)
    return expected && match(expected.text, this.#reading.toReader(output), expected.varyNumbers).matches
  }

  /** A setup belongs to what follows it, and is not named. */
  skip (part: Step | Script, reason: string): void {
    if (part.kind === 'setup') return
    const what = part.kind === 'claim' ? part.sentence : part.commands.trim().split('\n')[0]!
    this.outcome.skipped.push({ path: this.outcome.chapter.path, line: part.line, what, reason })
  }

  notRun (parts: Part[]): void {
    const count = parts.filter(({ kind }) => kind === 'step' || kind === 'claim').length
    const details = this.outcome.problems.at(-1)!.details
    if (count > 0) details.push(`${count} further steps and claims of this chapter were not run`)
  }

  #expectedOf ({ expected }: Step): Expected | null {
    return expected.find(({ cgroup }) => cgroup === null || cgroup === this.#reading.cgroup) ?? null
  }

  #compare (expected: Expected, output: string): boolean {
    const problem = compared(expected, output)
    const text = renewed(expected.text, output, expected.varyNumbers)
    if (text !== expected.text) {
      const { line, indent } = expected
      const count = expected.text === '' ? 0 : expected.text.split('\n').length
      this.outcome.renewals.push({ path: this.outcome.chapter.path, line, count, indent, text })
    }
    if (problem !== null) this.complain(problem)
    return problem === null
  }
}
