import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** Where what a service says goes: each line to the terminal behind its name, or to a file of its own. */
export class Logs {
  readonly #directory: string | null
  readonly #width: number
  readonly #files = new Map<string, WriteStream>()

  /** @param directory `null`: the terminal */
  constructor (directory: string | null, services: string[]) {
    this.#directory = directory
    this.#width = Math.max(...services.map(({ length }) => length))
    if (directory !== null) mkdirSync(directory, { recursive: true })
  }

  follow (service: string, ...streams: Readable[]): void {
    for (const input of streams) createInterface({ input }).on('line', line => this.#write(service, line))
  }

  /** What the starter itself has to say, always to the terminal. */
  say (text: string): void { process.stdout.write(`${text}\n`) }

  close (): void {
    for (const file of this.#files.values()) file.end()
  }

  #write (service: string, line: string): void {
    if (this.#directory === null) process.stdout.write(`${service.padEnd(this.#width)} | ${line}\n`)
    else this.#fileOf(service, this.#directory).write(`${line}\n`)
  }

  #fileOf (service: string, directory: string): WriteStream {
    let file = this.#files.get(service)
    if (file === undefined) this.#files.set(service, file = createWriteStream(join(directory, `${service}.log`), { flags: 'a' }))
    return file
  }
}
