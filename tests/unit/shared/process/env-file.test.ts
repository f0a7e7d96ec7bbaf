/* eslint-disable no-template-curly-in-string */
import { expect, test } from '@jest/globals'
import { parseEnvFile } from '#shared/process/env-file.ts'
import { interpolate } from '#shared/process/interpolate.ts'

test('case 15: a variable that refers to another is filled in, in quotes and out of them', () => {
  const text =
    'SMALL=512M\nWORKER_MEMORY=${SMALL}\nAPI_MEMORY="${SMALL}"\nWORKER_CPUS=${HALF:-0.5}\nAPI_PORT=${BASE:-31}00\n'
  expect(parseEnvFile(text, {})).toEqual({
    SMALL: '512M',
    WORKER_MEMORY: '512M',
    API_MEMORY: '512M',
    WORKER_CPUS: '0.5',
    API_PORT: '3100'
  })
})

test('case 15: in single quotes a dollar sign stays one', () => {
  expect(parseEnvFile("A=1\nB='$A ${A}'\n", {})).toEqual({ A: '1', B: '$A ${A}' })
})

// What `docker compose config --environment` (2.40) makes of the same lines; tests/e2e/env-file.test.ts asks the one
// that is there.
test.each([
  ['plain value # comment', 'plain value'],
  ['val#nocomment', 'val#nocomment'],
  ['  lead and trail   ', 'lead and trail'],
  ['#x', '#x'],
  ['', ''],
  ['""', ''],
  ["''", ''],
  ['"a # b" # c', 'a # b'],
  ["'it\\'s'", "it's"],
  ["'a\\nb'", 'a\\nb'],
  ['a\\nb', 'a\\nb'],
  ['"a\\nb\\tc \\"q\\" \\\\ \\$A"', 'a\nb\tc "q" \\ $A'],
  ['"two\nlines"', 'two\nlines'],
  ["'two\nlines'", 'two\nlines'],
  ["a 'b' \"c\"", "a 'b' \"c\""],
  ['$A', '1'],
  ['\\$A', '\\1'],
  ['$$A', '$A'],
  ['$1 $', '$1 $'],
  ['${NONE:-${A}}', '1'],
  ['"${NONE:-a b}"', 'a b'],
  ['${EMPTY-d}${EMPTY:-e}', 'e'],
  ['${A:+yes}${NONE:+no}', 'yes'],
  ['${A_B}$A_B', ''],
  ['http://x?a=b', 'http://x?a=b'],
  ['{"a":1}', '{"a":1}']
])('%j as a value of .env means %j', (value, meaning) => {
  expect(parseEnvFile(`A=1\nEMPTY=\nX=${value}\nZ=z\n`, {})).toEqual({ A: '1', EMPTY: '', X: meaning, Z: 'z' })
})

test('.env may export, may use a colon, and may come from Windows with a mark of its encoding', () => {
  expect(parseEnvFile('\uFEFFexport A=1\r\nB: 2\r\n\r\n# c\r\nC = 3', {})).toEqual({ A: '1', B: '2', C: '3' })
})

test('a name alone in .env takes the value of the environment, and none where there is none', () => {
  expect(parseEnvFile('A\nB\n', { A: 'shell' })).toEqual({ A: 'shell' })
})

test('a variable of the environment goes before the one in .env, also where another refers to it, also when it is empty', () => {
  expect(parseEnvFile('A=file\nB=${A}.\n', { A: '' })).toMatchObject({ B: '.' })
})

test.each([
  ['A=1\nB="abc\n', 'line 2: expected NAME=value, got "B=\\"abc"'],
  ['A B=c', 'line 1: expected NAME=value'],
  ['=x', 'line 1: expected NAME=value'],
  ["X='a'b", 'line 1: expected NAME=value'],
  ['WORKER_CPUS=${HALF', 'line 1: WORKER_CPUS: a closing brace is missing'],
  ['X=${A:0:2}', 'line 1: X: expected a variable such as ${NAME} or ${NAME:-default}, got ${A:0:2}'],
  ['X=${}', 'line 1: X: expected a variable'],
  ['X=${Y:?set it}', 'line 1: X: the variable Y is required: set it']
])('%j is refused by its line and its variable', (text, message) => {
  expect(() => parseEnvFile(text, {})).toThrow(message)
})

test('a word of a default may hold a brace pair of its own', () => {
  expect(interpolate('${A:-$${B}} ${C:-{x}}', () => undefined)).toBe('${B} {x}')
})
