import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readPassword } from '#shared/process/password-file.ts'

let directory: string
beforeAll(() => { directory = mkdtempSync(join(tmpdir(), 'limits-lab-password-')) })
afterAll(() => { rmSync(directory, { recursive: true }) })

function file (content: string | Buffer): string {
  const path = join(directory, `password-${Math.random()}`)
  writeFileSync(path, content)
  return path
}

/** What the stores make of the same file, as its bytes in hex. */
async function readInBash (path: string): Promise<string> {
  const script = '. scripts/read-password.sh; read_password "$1" && printf %s "$password" | od -An -v -tx1 | tr -d " \\n"'
  return (await promisify(execFile)('bash', ['-c', script, 'bash', path])).stdout
}

/** In the services and in the stores: two programs, and one opinion on which bytes are the password. */
const readers: Array<[string, (path: string) => Promise<string>]> = [
  ['a service', async path => Buffer.from(readPassword(path)).toString('hex')],
  ['a store', readInBash]
]

describe.each(readers)('case 19: the password file, read by %s', (_reader, read) => {
  test.each([
    ['words', 'correct horse battery staple', 'correct horse battery staple'],
    ['words and a line end', 'correct horse\n', 'correct horse'],
    ['a line end of Windows', 'correct horse\r\n', 'correct horse'],
    ['several line ends', 'horse\n\n\n', 'horse'],
    ['spaces around', '  horse \t\n', '  horse \t'],
    ['quotes and backslashes', 'a"b\'c\\d\\n\\x41 $(e) `f` ${g} *', 'a"b\'c\\d\\n\\x41 $(e) `f` ${g} *'], // eslint-disable-line no-template-curly-in-string
    ['letters beyond ASCII', 'pä\u00a0ss🐎\n', 'pä\u00a0ss🐎'],
    ['control characters', '\u0001\t\u001b\u007f', '\u0001\t\u001b\u007f'],
    ['a byte order mark', '\ufeffhorse', '\ufeffhorse']
  ])('holding %s is taken byte for byte, but for the line ends at its end', async (_case, content, password) => {
    expect(await read(file(content))).toBe(Buffer.from(password).toString('hex'))
  })

  test.each([
    ['empty', '', 'holds no password'],
    ['a line end', '\r\n', 'holds no password'],
    ['two lines', 'correct\nhorse\n', 'holds more than one line'],
    ['two lines of Windows', 'correct\r\nhorse', 'holds more than one line'],
    ['a carriage return', 'correct\rhorse', 'holds more than one line'],
    ['a NUL', 'correct\0horse', 'holds a NUL byte'],
    ['a NUL at its end', 'horse\0', 'holds a NUL byte']
  ])('holding %s is refused with its name and why', async (_case, content, why) => {
    const path = file(content)
    await expect(read(path)).rejects.toThrow(`${path} ${why}`)
  })

  test('that is not there is refused with its name', async () => {
    await expect(read(join(directory, 'missing'))).rejects.toThrow(`cannot read ${join(directory, 'missing')}`)
  })

  test('that is a directory is refused with its name', async () => {
    await expect(read(directory)).rejects.toThrow(`cannot read ${directory}`)
  })
})

test('a password file that is not UTF-8 is refused, because a url could not carry it', () => {
  const path = file(Buffer.from([0x70, 0xe4, 0x73]))
  expect(() => readPassword(path)).toThrow(`${path} is not UTF-8`)
})
