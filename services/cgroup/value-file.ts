import { ignoreFaults, type Fault, type OnFault } from './fault.ts'
import { KernelFile, Vanished } from './kernel-file.ts'
import type { TakeValue } from './parse.ts'

/**
 * Turns text into values. If a text holds several values, each is parsed by `take`, so that a bad one costs only
 * itself.
 */
export type Parse<T> = (text: string, take: TakeValue) => T

const none: readonly Fault[] = []

/**
 * The values in one file. If the file is bad, its values are `null`; if one value is bad, only that value is. Both are
 * reported as faults. The one exception that is thrown is `Vanished`: if the cgroup is gone, nothing else in the
 * reading can be trusted.
 *
 * EMFILE and ENFILE are faults too, although there the reader has run out of descriptors and the file is not to blame.
 * Dropping the whole reading would discard what the open files of all containers still say, at the worst moment.
 * Because they are reported, they do not pass for "the kernel does not say".
 */
export class ValueFile {
  readonly #file: KernelFile
  readonly #onFault: OnFault
  /** The last text that `read` parsed, with which function, and the result. */
  #last: { text: string, parse: unknown, answer: unknown } | null = null
  #faults: readonly Fault[] = none

  constructor (path: string, onFault: OnFault = ignoreFaults) {
    this.#file = new KernelFile(path)
    this.#onFault = onFault
  }

  /** The faults of the last time it was read. */
  get faults (): readonly Fault[] { return this.#faults }

  /**
   * What `parse` makes of the text; `null` if the kernel does not say or there is a fault.
   *
   * Most files say the same as the last time, and comparing costs less than parsing. The result is then the same
   * object, so callers must not change it. The cache also compares `parse` by identity: pass a named function, not an
   * inline one.
   */
  read<T> (parse: Parse<T>): T | null {
    const text = this.#text()
    if (text === null) return null
    if (this.#last?.text !== text || this.#last.parse !== parse) {
      this.#last = { text, parse, answer: this.#parse(text, parse) }
    }
    return this.#last.answer as T | null
  }

  /** The number of its lines, plus what `more` returns. */
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
