import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { CgroupTree } from '../../../scripts/start/cgroup-tree.ts'

const root = mkdtempSync(join(tmpdir(), 'cgroup-'))
afterAll(() => rmSync(root, { recursive: true }))

test('on v2 the directory of the stack passes its controllers on, or those of the services would have no limit to write', async () => {
  mkdirSync(join(root, 'lab'))
  writeFileSync(join(root, 'lab/cgroup.controllers'), 'cpuset cpu io memory pids\n')
  const tree = new CgroupTree('v2', '/lab', new Map([['unified', root]]))
  const joins = await tree.make('lab-api-1', { cpus: 0.5, memoryBytes: 1024, pids: 8 })
  expect(readFileSync(join(root, 'lab/cgroup.subtree_control'), 'utf8')).toBe('+memory +cpu +pids +io +cpuset')
  expect(readFileSync(join(root, 'lab/lab-api-1/cpu.max'), 'utf8')).toBe('50000 100000')
  expect(joins).toEqual([join(root, 'lab/lab-api-1/cgroup.procs')])
})
