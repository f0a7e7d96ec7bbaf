import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { NamedCgroups } from '#lab/observing/containers/named-cgroups.ts'

const root = mkdtempSync(join(tmpdir(), 'named-'))
writeFileSync(join(root, 'cgroup.controllers'), 'cpu memory pids')
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('cgroups below the given one are containers, and their names say of which service', async () => {
  for (const name of ['limits-lab-api-1', 'limits-lab-worker-2', 'starter']) {
    mkdirSync(join(root, 'limits-lab', name), { recursive: true })
  }
  const named = new NamedCgroups(root, '/limits-lab', ['api', 'worker'])
  expect(named.list()).toContainEqual({ id: 'limits-lab-worker-2', path: '/limits-lab/limits-lab-worker-2' })
  expect(await named.identify('limits-lab-worker-2')).toEqual({
    service: 'worker',
    name: 'limits-lab-worker-2',
    number: 2,
    project: 'limits-lab'
  })
  expect(await named.identify('starter')).toBeNull()
})

test('where there are none, none are listed', () => {
  mkdirSync(root)
  writeFileSync(join(root, 'cgroup.controllers'), '')
  expect(new NamedCgroups(root, 'none', ['api']).list()).toEqual([])
})
