import { readFileSync } from 'node:fs'

/**
 * The password in a file: all its bytes, including spaces, but without the line ends at the end, which editors leave
 * there and Postgres' initdb removes. scripts/read-password.sh does the same in the stores. Throws a sentence that
 * names the file.
 */
export function readPassword (path: string): string {
  const password = decode(path, read(path)).replace(/[\r\n]+$/, '')
  if (password === '') throw new Error(`${path} holds no password`)
  if (password.includes('\0')) throw new Error(`${path} holds a NUL byte, which is not allowed in a password`)
  if (/[\r\n]/.test(password)) throw new Error(`${path} holds more than one line: a password is one`)
  return password
}

function read (path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (err) {
    throw new Error(`cannot read ${path} (${(err as NodeJS.ErrnoException).code})`, { cause: err })
  }
}

function decode (path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new Error(`${path} is not UTF-8`, { cause })
  }
}
