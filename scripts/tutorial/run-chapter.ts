import type { CgroupVersion } from './attributes.ts'
import type { Step } from './block.ts'
import type { Chapter, Part } from './chapter.ts'
import type { Script, Signal } from './comment.ts'
import { changesOf } from './changes.ts'
import { Findings, type Outcome } from './findings.ts'
import { OtherTerminals, saidBy, type Ended } from './other-terminals.ts'
import type { Ran, Terminal } from './terminal.ts'

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

/** How often a step is run whose output asks for one more try. */
const MOST_TRIES = 3

/** Runs a chapter from start to end; nothing that goes wrong in it is thrown. */
export async function runChapter (chapter: Chapter, surroundings: Surroundings): Promise<Outcome> {
  const findings = new Findings(chapter, surroundings)
  const before = await surroundings.state()
  await new ChapterRun(chapter, surroundings, findings).parts()
  if (surroundings.signal.aborted) return findings.outcome
  const details = changesOf(before, await surroundings.state())
  if (details.length > 0) findings.complain({ line: 1, message: 'the chapter leaves something changed', details })
  return findings.outcome
}

class ChapterRun {
  readonly #chapter: Chapter
  readonly #in: Surroundings
  readonly #findings: Findings
  #main: Terminal
  readonly #others: OtherTerminals
  readonly #skippedTerminals = new Set<string>()

  constructor (chapter: Chapter, surroundings: Surroundings, findings: Findings) {
    this.#chapter = chapter
    this.#in = surroundings
    this.#findings = findings
    this.#main = surroundings.openTerminal()
    this.#others = new OtherTerminals(surroundings.openTerminal, (step, output) => findings.isShown(step, output))
  }

  async parts (): Promise<void> {
    const parts = this.#chapter.parts.filter(part => part.kind !== 'after')
    const close = (): void => { for (const terminal of this.#terminals()) terminal.close().catch(() => {}) }
    this.#in.signal.addEventListener('abort', close)
    try {
      for (const [i, part] of parts.entries()) {
        if (this.#in.signal.aborted) return
        if (!await this.#part(part) && !this.#in.signal.aborted) {
          this.#findings.notRun(parts.slice(i + 1))
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
    this.#findings.complain({ line, message: `nothing runs in the terminal ${name}`, details: [] })
    return false
  }

  async #script (script: Script): Promise<boolean> {
    const ran = await this.#main.run(this.#in.toRun(script.commands), script.withinSeconds)
    return this.#findings.judgeScript(script, ran) || (script.kind !== 'setup' && ran.how === 'ended')
  }

  #judge ({ step, ran }: Ended): boolean {
    this.#main.set({ OUT: this.#in.toClaims(ran.output).trimEnd(), STATUS: String(ran.status ?? '') })
    return this.#findings.judgeStep(step, ran)
  }

  /** What still runs in other terminals is interrupted, and judged; then the stack is put back. */
  async #end (): Promise<void> {
    const left = this.#findings.hasProblems ? [] : this.#others.busy
    for (const name of left) this.#judge(await this.#others.interrupt(name))
    for (const part of this.#chapter.parts) {
      if (part.kind !== 'after' || (part.cgroup !== null && part.cgroup !== this.#in.cgroup)) continue
      await this.#after(part)
    }
  }

  async #after (script: Script): Promise<void> {
    if (!this.#main.isUsable) {
      await this.#main.close()
      this.#main = this.#in.openTerminal()
    }
    await this.#script(script)
  }

  #skip (part: Step | Script, reason: string): void {
    if (part.kind === 'step' && part.terminal !== null) this.#skippedTerminals.add(part.terminal)
    this.#findings.skip(part, reason)
  }

  #terminals (): Terminal[] {
    return [this.#main, ...this.#others.all]
  }
}

function isSignal (part: Part): part is Signal {
  return part.kind === 'interrupt' || part.kind === 'wait'
}
