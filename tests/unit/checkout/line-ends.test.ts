import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'

let directory: string
beforeAll(async () => { directory = await mkdtemp(join(tmpdir(), 'limits-lab-line-ends-')) })
afterAll(async () => { await rm(directory, { recursive: true }) })

/**
 * The line ends of every file in a clone that somebody with these settings made; `git ls-files --eol` counts them in
 * the working tree.
 */
async function lineEndsOfClone (settings: string): Promise<Array<{ inWorkingTree: string, path: string }>> {
  const clone = await mkdtemp(join(directory, 'clone-'))
  const config = `${clone}.gitconfig`
  await writeFile(config, `[safe]\n\tdirectory = *\n[core]\n\t${settings}\n`)
  const env = { ...process.env, GIT_CONFIG_GLOBAL: config, GIT_CONFIG_NOSYSTEM: '1' }
  const git = async (...args: string[]) => (await promisify(execFile)('git', args, { env, maxBuffer: 2 ** 26 })).stdout
  await git('clone', '--quiet', '--depth=1', `file://${process.cwd()}`, clone)
  const lines = (await git('-C', clone, 'ls-files', '--eol')).trimEnd().split('\n')
  return lines.map(line => ({ inWorkingTree: /\sw\/(\S*)/.exec(line)![1]!, path: line.split('\t')[1]! }))
}

test.each(['autocrlf = true', 'autocrlf = input', 'eol = crlf'])('case 03: in a clone made with core.%s every text ends its lines as Linux does', async settings => {
  const files = await lineEndsOfClone(settings)
  expect(files.map(({ path }) => path)).toContain('scripts/make-secrets.sh')
  expect(files.filter(({ inWorkingTree }) => inWorkingTree === 'crlf' || inWorkingTree === 'mixed')).toEqual([])
  // Not taken for texts, or the pictures would be changed.
  expect(files.filter(({ path }) => path.endsWith('.png')).map(({ inWorkingTree }) => inWorkingTree)).not.toContain('lf')
})
