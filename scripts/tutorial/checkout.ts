import { execFile } from 'node:child_process'
import { cp, lstat, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const MAX_LIST_BYTES = 2 ** 26

/**
 * Makes a fresh clone in `target`, as somebody would get it who clones what is in `root` now, committed or not. It is
 * a repository of its own with one commit, so `git status` works there.
 */
export async function makeCheckout (root: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true })
  for (const file of await filesOf(root)) await copy(join(root, file), join(target, file))
  const author = ['-c', 'user.name=tutorial', '-c', 'user.email=tutorial@localhost', '-c', 'commit.gpgsign=false']
  await git(target, 'init', '--quiet', '--initial-branch=main')
  await git(target, 'add', '--all')
  await git(target, ...author, 'commit', '--quiet', '--message', 'A fresh clone')
}

async function filesOf (root: string): Promise<string[]> {
  const list = await git(root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate')
  return list.split('\0').filter(file => file !== '')
}

/** A file that was deleted but is still in the index is left out. */
async function copy (from: string, to: string): Promise<void> {
  const isThere = await lstat(from).then(stat => !stat.isDirectory(), () => false)
  if (isThere) await cp(from, to, { verbatimSymlinks: true })
}

/** What differs from the commit: one line for each file. */
export async function gitStatus (directory: string): Promise<string[]> {
  return (await git(directory, 'status', '--porcelain')).split('\n').filter(line => line !== '')
}

async function git (directory: string, ...args: string[]): Promise<string> {
  return (await run('git', ['-C', directory, ...args], { maxBuffer: MAX_LIST_BYTES })).stdout
}
