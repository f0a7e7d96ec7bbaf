import { execFileSync } from 'node:child_process'
import {
  mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { gitStatus, makeCheckout } from '#scripts/tutorial/checkout.ts'

let directory: string
let root: string
let clone: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'limits-lab-clone-'))
  root = join(directory, 'root')
  clone = join(directory, 'clone')
  mkdirSync(join(root, 'a b'), { recursive: true })
  writeFileSync(join(root, '.gitignore'), 'ignored\n')
  writeFileSync(join(root, 'gone'), '')
  writeFileSync(join(root, 'a b/script'), '', { mode: 0o755 })
  symlinkSync('a b/script', join(root, 'link'))
  execFileSync('git', ['-C', root, 'init', '--quiet'])
  execFileSync('git', ['-C', root, 'add', '--all'])
  rmSync(join(root, 'gone'))
  writeFileSync(join(root, 'new'), '')
  writeFileSync(join(root, 'ignored'), '')
})

afterEach(() => { rmSync(directory, { recursive: true }) })

test('a checkout has what a clone would have if all were committed now, and nothing that is ignored', async () => {
  await makeCheckout(root, clone)
  expect(readdirSync(clone).toSorted()).toEqual(['.git', '.gitignore', 'a b', 'link', 'new'])
  expect(statSync(join(clone, 'a b/script')).mode & 0o111).toBe(0o111)
  expect(readlinkSync(join(clone, 'link'))).toBe('a b/script')
})

test('a checkout is a repository of its own, whose status shows what was changed in it', async () => {
  await makeCheckout(root, clone)
  expect(await gitStatus(clone)).toEqual([])
  writeFileSync(join(clone, 'new'), 'changed')
  writeFileSync(join(clone, 'another'), '')
  expect(await gitStatus(clone)).toEqual([' M new', '?? another'])
})
