import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'

const run = promisify(execFile)

/** Where v1 and v2 have the cgroups of the first level. */
function cgroups (): string[] {
  return ['', 'memory', 'cpu', 'pids'].flatMap(controller => {
    try {
      return readdirSync(`/sys/fs/cgroup/${controller}`).filter(name => name.startsWith('by-hand-'))
    } catch {
      return []
    }
  })
}

test('a container made by hand from an image proves each of its steps and leaves nothing behind', async () => {
  const { stdout, code } = await run('scripts/container-by-hand', ['redis:8-trixie'])
    .then(({ stdout }) => ({ stdout, code: 0 }), err => err as { stdout: string, code: number })
  const lines = stdout.split('\n')
  expect(lines.filter(line => line.includes('WRONG'))).toEqual([])
  expect(lines.filter(line => /^\d\. /.test(line))).toHaveLength(7)
  expect(lines.filter(line => line.startsWith('  ok')).length).toBeGreaterThanOrEqual(18)
  expect(stdout).toContain('exit status 137 = 128 + SIGKILL')
  expect(cgroups()).toEqual([])
  expect(code).toBe(0)
}, 120_000)
