import type { CgroupVersion } from './attributes.ts'
import type { Expected, Step } from './block.ts'
import type { Chapter, Part } from './chapter.ts'
import type { Script, Signal } from './comment.ts'
import { changesOf } from './changes.ts'
import { compared, exitProblem, scriptProblem } from './judge.ts'
import { match } from './match.ts'
import { OtherTerminals, saidBy, type Ended } from './other-terminals.ts'
import type { Problem, Skip } from './problem.ts'
import type { Ran, Terminal } from './terminal.ts'
import { renewed, type Renewal } from './write.ts'

/** What a chapter is run in. */
export interface Surroundings {
  cgroup: CgroupVersion
  openTerminal: () => Terminal
  /** Commands as they are run here, and outputs as a reader sees them. */
  toRun: (commands: string) => string
  toReader: (output: string) => string
  /** An output for the claims, which name ports as this run has them. */
  toClaims: (output: string) => string
  /** The state that a chapter has to leave as it was: one line for each thing. */
  state: () => Promise<string[]>
  /** Aborted when the run is to end at once. */
  signal: AbortSignal
}

export interface Outcome {
  chapter: Chapter
  /** Steps and claims. */
  passed: number
  problems: Problem[]
  skipped: Skip[]
  renewals: Renewal[]
}

/** How often a step is run whose output asks for one more try. */
const MOST_TRIES = 3

/** Runs a chapter from start to end; nothing that goes wrong in it is thrown. */
export async function runChapter (chapter: Chapter, surroundings: Surroundings): Promise<Outcome> {
  const run = new ChapterRun(chapter, surroundings)
  const before = await surroundings.state()
  await run.parts()
  if (surroundings.signal.aborted) return run.outcome
  const changes = changesOf(before, await surroundings.state())
  if (changes.length > 0) run.complain(1, 'the chapter leaves something changed', changes)
  return run.outcome
}

class ChapterRun {
  readonly outcome: Outcome
  readonly #in: Surroundings
  #main: Terminal
  readonly #others: OtherTerminals
  readonly #skippedTerminals = new Set<string>()

  constructor (chapter: Chapter, surroundings: Surroundings) {
    this.outcome = { chapter, passed: 0, problems: [], skipped: [], renewals: [] }
    this.#in = surroundings
    this.#main = surroundings.openTerminal()
    this.#others = new OtherTerminals(surroundings.openTerminal, (step, output) => this.#isShown(step, output))
  }

  /** What a run that was aborted did not do is no problem of the chapter. */
  complain (line: number, message: string, details: string[] = []): void {
    if (this.#in.signal.aborted) return
    this.outcome.problems.push({ path: this.outcome.chapter.path, line, message, details })
  }

  async parts (): Promise<void> {
    const parts = this.outcome.chapter.parts.filter(part => part.kind !== 'after')
    const close = (): void => { for (const terminal of this.#terminals()) terminal.close().catch(() => {}) }
    this.#in.signal.addEventListener('abort', close)
    try {
      for (const [i, part] of parts.entries()) {
        if (this.#in.signal.aborted) return
        if (!await this.#part(part) && !this.#in.signal.aborted) {
          this.#notRun(parts.slice(i + 1))
          break
        }
      }
      if (!this.#in.signal.aborted) await this.#end()
    } finally {
      this.#in.signal.removeEventListener('abort', close)
      await Promise.all(this.#terminals().map(terminal => terminal.close()))
    }
  }

  /** Returns whether the chapter can go on: after a wrong exit status the next steps stand on nothing. */
  async #part (part: Part): Promise<boolean> {
    if (isSignal(part)) return this.#signal(part)
    if (part.cgroup !== null && part.cgroup !== this.#in.cgroup) {
      this.#skip(part, `it is for cgroup ${part.cgroup}`)
      return true
    }
    if (part.kind !== 'step') return this.#script(part)
    if (part.skip !== null) {
      this.#skip(part, part.skip)
      return true
    }
    return part.terminal === null ? this.#step(part) : this.#stepElsewhere(part, part.terminal)
  }

  async #step (step: Step): Promise<boolean> {
    return this.#judge({ step, ran: await this.#tried(step, MOST_TRIES) })
  }

  async #tried (step: Step, tries: number): Promise<Ran> {
    const ran = await this.#main.run(this.#in.toRun(step.commands), step.withinSeconds)
    const isToRepeat = tries > 1 && ran.how === 'ended' && step.again !== null && ran.output.includes(step.again)
    return isToRepeat ? this.#tried(step, tries - 1) : ran
  }

  async #stepElsewhere (step: Step, name: string): Promise<boolean> {
    const hasCommands = step.commands !== ''
    if (!this.#others.isBusy(name) && !hasCommands) return this.#nothingRuns(step.line, name)
    if (step.interrupts) return this.#judge(await this.#others.interrupt(name, saidBy(step)))
    if (this.#others.isBusy(name)) {
      const goesOn = this.#judge(await this.#others.wait(name, hasCommands ? {} : saidBy(step)))
      if (!goesOn || !hasCommands) return goesOn
    }
    await this.#others.start(name, step, this.#in.toRun(step.commands))
    return step.waits ? this.#judge(await this.#others.wait(name)) : true
  }

  async #signal ({ kind, line, terminal: name, withinSeconds }: Signal): Promise<boolean> {
    if (!this.#others.isBusy(name)) return this.#nothingRuns(line, name)
    if (kind === 'wait') return this.#judge(await this.#others.wait(name, { withinSeconds }))
    return this.#judge(await this.#others.interrupt(name, { withinSeconds }))
  }

  /** Where a step was skipped, so is what waits for it. */
  #nothingRuns (line: number, name: string): boolean {
    if (this.#skippedTerminals.has(name)) return true
    this.complain(line, `nothing runs in the terminal ${name}`)
    return false
  }

  async #script (script: Script): Promise<boolean> {
    const ran = await this.#main.run(this.#in.toRun(script.commands), script.withinSeconds)
    const problem = scriptProblem(script, ran, this.#in.toReader)
    if (problem === null) {
      if (script.kind === 'claim') this.outcome.passed++
      return true
    }
    this.complain(problem.line, problem.message, problem.details)
    return script.kind !== 'setup' && ran.how === 'ended'
  }

  #judge ({ step, ran }: Ended): boolean {
    this.#main.set({ OUT: this.#in.toClaims(ran.output).trimEnd(), STATUS: String(ran.status ?? '') })
    const problem = exitProblem(step, ran, this.#in.toReader)
    if (problem !== null) {
      this.complain(problem.line, problem.message, problem.details)
      return false
    }
    const expected = this.#expectedOf(step)
    if (expected === null || this.#compare(expected, this.#in.toReader(ran.output))) this.outcome.passed++
    return true
  }

  #compare (expected: Expected, output: string): boolean {
    const problem = compared(expected, output)
    const text = renewed(expected.text, output, expected.varyNumbers)
    if (text !== expected.text) {
      const { line, indent } = expected
      const count = expected.text === '' ? 0 : expected.text.split('\n').length
      this.outcome.renewals.push({ path: this.outcome.chapter.path, line, count, indent, text })
    }
    if (problem !== null) this.complain(problem.line, problem.message, problem.details)
    return problem === null
  }

  #expectedOf ({ expected }: Step): Expected | null {
    return expected.find(({ cgroup }) => cgroup === null || cgroup === this.#in.cgroup) ?? null
  }

  #isShown (step: Step, output: string): boolean | null {
    const expected = this.#expectedOf(step)
    return expected && match(expected.text, this.#in.toReader(output), expected.varyNumbers).matches
  }

  /** What still runs in other terminals is interrupted, and judged; then the stack is put back. */
  async #end (): Promise<void> {
    const hadProblems = this.outcome.problems.length > 0
    for (const name of hadProblems ? [] : this.#others.busy) this.#judge(await this.#others.interrupt(name))
    for (const part of this.outcome.chapter.parts) {
      if (part.kind !== 'after' || (part.cgroup !== null && part.cgroup !== this.#in.cgroup)) continue
      await this.#after(part)
    }
  }

  async #after (script: Script): Promise<void> {
    if (!this.#main.isUsable) {
      await this.#main.close()
      this.#main = this.#in.openTerminal()
    }
    const ran = await this.#main.run(this.#in.toRun(script.commands), script.withinSeconds)
    const problem = scriptProblem(script, ran, this.#in.toReader)
    if (problem !== null) this.complain(problem.line, problem.message, problem.details)
  }

  /** A setup belongs to what follows it, and is not named. */
  #skip (part: Step | Script, reason: string): void {
    if (part.kind === 'setup') return
    if (part.kind === 'step' && part.terminal !== null) this.#skippedTerminals.add(part.terminal)
    const what = part.kind === 'claim' ? part.sentence : part.commands.trim().split('\n')[0]!
    this.outcome.skipped.push({ path: this.outcome.chapter.path, line: part.line, what, reason })
  }

  #notRun (parts: Part[]): void {
    const count = parts.filter(({ kind }) => kind === 'step' || kind === 'claim').length
    const details = this.outcome.problems.at(-1)!.details
    if (count > 0) details.push(`${count} further steps and claims of this chapter were not run`)
  }

  #terminals (): Terminal[] {
    return [this.#main, ...this.#others.all]
  }
}

function isSignal (part: Part): part is Signal {
  return part.kind === 'interrupt' || part.kind === 'wait'
}
