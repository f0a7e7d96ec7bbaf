import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** Writes each line of a service to the terminal, after the name of the service, or to a file for each service. */
export class Logs {
  readonly #directory: string | null
  readonly #width: number
  readonly #files = new Map<string, WriteStream>()

  /** @param directory for the files; `null` means the terminal */
  constructor (directory: string | null, services: string[]) {
    this.#directory = directory
    this.#width = Math.max(...services.map(({ length }) => length))
    if (directory !== null) mkdirSync(directory, { recursive: true })
  }

  follow (service: string, ...streams: Readable[]): void {
    for (const input of streams) createInterface({ input }).on('line', line => this.#write(service, line))
  }

  /** Writes a message of the starter itself, always to the terminal. */
  say (text: string): void { process.stdout.write(`${text}\n`) }

  close (): void {
    for (const file of this.#files.values()) file.end()
  }

  #write (service: string, line: string): void {
    if (this.#directory === null) process.stdout.write(`${service.padEnd(this.#width)} | ${line}\n`)
    else this.#fileOf(service, this.#directory).write(`${line}\n`)
  }

  #fileOf (service: string, directory: string): WriteStream {
    const open = this.#files.get(service)
    if (open !== undefined) return open
    const file = createWriteStream(join(directory, `${service}.log`), { flags: 'a' })
    this.#files.set(service, file)
    return file
  }
}
