import type { Step } from './block.ts'
import type { Ran, Terminal } from './terminal.ts'

/** How long a Ctrl-C waits for a first output, where the chapter shows none. */
const FIRST_OUTPUT_SECONDS = 10
const CTRL_C_SECONDS = 15

/** A step that has ended, with what a later block says about it. */
export interface Ended { step: Step, ran: Ran }

/** What a chapter runs "in another terminal", by the name that it gives to it. */
export class OtherTerminals {
  readonly #open: () => Terminal
  /** Whether a step has printed all that the chapter shows of it; `null` if it shows nothing. */
  readonly #isShown: (step: Step, output: string) => boolean | null
  readonly #started = new Map<string, { terminal: Terminal, step: Step }>()

  constructor (open: () => Terminal, isShown: (step: Step, output: string) => boolean | null) {
    this.#open = open
    this.#isShown = isShown
  }

  get all (): Terminal[] { return [...this.#started.values()].map(({ terminal }) => terminal) }

  get busy (): string[] { return [...this.#started.keys()].filter(name => this.isBusy(name)) }

  isBusy (name: string): boolean { return this.#started.get(name)?.terminal.isBusy ?? false }

  async start (name: string, step: Step, commands: string): Promise<void> {
    const terminal = this.#started.get(name)?.terminal ?? this.#open()
    this.#started.set(name, { terminal, step })
    await terminal.start(commands)
  }

  /** Waits for what runs there. */
  async wait (name: string, said: Partial<Step> = {}): Promise<Ended> {
    const { terminal, step: started } = this.#started.get(name)!
    const step = together(started, said)
    return { step, ran: await terminal.ended(step.withinSeconds) }
  }

  /**
   * Ctrl-C, once all that the chapter shows has come. The output is what came before, and the exit status counts only
   * if the chapter names one.
   */
  async interrupt (name: string, said: Partial<Step> = {}): Promise<Ended> {
    const { terminal, step: started } = this.#started.get(name)!
    const step: Step = { ...together(started, said), exit: said.exit ?? started.exit ?? 'any' }
    const shows = this.#isShown(step, '') !== null
    await terminal.printed(output => shows ? this.#isShown(step, output)! : output !== '',
      shows ? step.withinSeconds : FIRST_OUTPUT_SECONDS)
    const { output } = terminal
    const ran = await terminal.interrupt(CTRL_C_SECONDS)
    return { step, ran: ran.how === 'ended' ? { ...ran, output } : ran }
  }
}

/** What a block that only waits, or interrupts, says about the step that runs already. */
export function saidBy ({ line, exit, withinSeconds, expected }: Step): Partial<Step> {
  return { withinSeconds, ...(exit !== null && { exit, line }), ...(expected.length > 0 && { expected }) }
}

/** The longer time counts. */
function together (started: Step, said: Partial<Step>): Step {
  return { ...started, ...said, withinSeconds: Math.max(started.withinSeconds, said.withinSeconds ?? 0) }
}
