import { ignoreFaults, type Fault, type OnFault } from './fault.ts'
import { KernelFile, Vanished } from './kernel-file.ts'
import type { TakeValue } from './parse.ts'

/** Text to values. Of several values in one text each is taken by `take`, so that a bad one costs only itself. */
export type Parse<T> = (text: string, take: TakeValue) => T

const none: readonly Fault[] = []

/**
 * The values in one file. A bad file costs its values, and one bad value itself: they are `null`, and told as faults.
 * Only that the cgroup is gone (`Vanished`) is thrown, since then nothing else of the reading can be believed either.
 *
 * That goes for EMFILE and ENFILE too, where it is the reader who has no descriptor left, and the file says nothing of
 * it. To drop the reading for them would throw away what the files that are open already say, of all containers, and at
 * the worst moment. They are told, and so are no silent "the kernel does not say".
 */
export class ValueFile {
  readonly #file: KernelFile
  readonly #onFault: OnFault
  /** What `read` made of which text, and how. */
  #last: { text: string, parse: unknown, answer: unknown } | null = null
  #faults: readonly Fault[] = none

  constructor (path: string, onFault: OnFault = ignoreFaults) {
    this.#file = new KernelFile(path)
    this.#onFault = onFault
  }

  /** Of the last time it was read. */
  get faults (): readonly Fault[] { return this.#faults }

  /**
   * What `parse` makes of the text; `null`: the kernel does not say, or there is a fault.
   *
   * Most files say the same as the last time, and to compare costs less than to parse: then it is the same answer, so
   * nobody may change it. `parse` has to be the same function too; one that is written where it is handed over is a new
   * one each time.
   */
  read<T> (parse: Parse<T>): T | null {
    const text = this.#text()
    if (text === null) return null
    if (this.#last?.text !== text || this.#last.parse !== parse) {
      this.#last = { text, parse, answer: this.#parse(text, parse) }
    }
    return this.#last.answer as T | null
  }

  /** Its lines, and what `more` adds to them. */
  lines (more: () => number): number | null {
    this.#faults = none
    try {
      const lines = this.#file.lines()
      return lines === null ? null : lines + more()
    } catch (error) {
      return this.#note(null, error as Error)
    }
  }

  close (): void {
    this.#file.close()
  }

  #text (): string | null {
    try {
      const text = this.#file.text()
      if (text === null) this.#forget()
      return text
    } catch (error) {
      this.#forget()
      return this.#note(null, error as Error)
    }
  }

  #parse<T> (text: string, parse: Parse<T>): T | null {
    this.#faults = none
    try {
      return parse(text, this.#take)
    } catch (error) {
      return this.#note(null, error as Error)
    }
  }

  readonly #take: TakeValue = (key, text, parse) => {
    try {
      return parse(text)
    } catch (error) {
      return this.#note(key, error as Error)
    }
  }

  #note (key: string | null, error: Error): null {
    if (error instanceof Vanished) throw error
    const fault = { path: this.#file.path, key, error }
    this.#faults = [...this.#faults, fault]
    this.#onFault(fault)
    return null
  }

  #forget (): void {
    this.#last = null
    this.#faults = none
  }
}
