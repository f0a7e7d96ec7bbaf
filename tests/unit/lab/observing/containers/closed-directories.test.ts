import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { ClosedDirectories } from '#lab/observing/containers/closed-directories.ts'
import { NamedCgroups } from '#lab/observing/containers/named-cgroups.ts'
import { Tree } from '#lab/observing/containers/tree.ts'
import { asUser } from '#support/as-user.ts'
import { capturedLog } from '#support/captured-log.ts'
import { idOf } from '../../support/fakes.ts'

let root: string | null = null
afterEach(() => { if (root !== null) rmSync(root, { recursive: true, force: true }) })

function makeRoot (...paths: string[]): string {
  root = mkdtempSync(join(tmpdir(), 'closed-'))
  chmodSync(root, 0o755)
  writeFileSync(join(root, 'cgroup.controllers'), '')
  for (const path of paths) mkdirSync(join(root, path), { recursive: true })
  return root
}

function setUp () {
  const { log, lines } = capturedLog()
  const closed = new ClosedDirectories(log)
  const met = (...paths: string[]) =>
    closed.report(paths.map(path => ({ path, error: new Error('EACCES: permission denied') })))
  return { closed, met, lines, logged: () => lines.map(({ path, more }) => path ?? more) }
}

test('case 05: a closed directory is logged once, with its path and the reason', () => {
  const { met, lines } = setUp()
  for (let i = 0; i < 3; i++) met('/user.slice')
  expect(lines).toEqual([
    expect.objectContaining({ level: 'warn', path: '/user.slice', reason: expect.stringContaining('EACCES') })
  ])
})

test('a closed directory that went, or was open in between, is logged again', () => {
  const { met, logged } = setUp()
  met('/a', '/b')
  met('/b')
  met('/a', '/b')
  expect(logged()).toEqual(['/a', '/b', '/a'])
})

test('of very many closed directories the log names a hundred, and says how many more there are', () => {
  const { met, logged } = setUp()
  const paths = Array.from({ length: 5000 }, (_, i) => `/${i}`)
  for (let i = 0; i < 3; i++) met(...paths)
  expect([logged().length, logged().at(-1)]).toEqual([101, 4900])
})

test('case 05: the lab\'s tree lists its container beside a closed directory, and logs the directory once in many walks', () => {
  const { closed, logged } = setUp()
  const host = makeRoot(`system.slice/docker-${idOf('a1')}.scope`, 'user.slice/somebody')
  chmodSync(join(host, 'user.slice'), 0o000)
  let nowMs = 0
  const tree = new Tree(host, () => nowMs, met => closed.report(met))
  for (; nowMs < 5000; nowMs += 250) expect(asUser(() => tree.list()).map(({ id }) => id)).toEqual([idOf('a1')])
  expect(logged()).toEqual([join(host, 'user.slice')])
  chmodSync(join(host, 'user.slice'), 0o755)
})

test('where the cgroup above those that are named like containers is closed, none are listed, and the log names it', () => {
  const { closed, logged } = setUp()
  const host = makeRoot('limits-lab/limits-lab-api-1')
  chmodSync(join(host, 'limits-lab'), 0o000)
  const named = new NamedCgroups(host, '/limits-lab', ['api'], met => closed.report(met))
  for (let i = 0; i < 2; i++) expect(asUser(() => named.list())).toEqual([])
  expect(logged()).toEqual([join(host, 'limits-lab')])
  chmodSync(join(host, 'limits-lab'), 0o755)
})
