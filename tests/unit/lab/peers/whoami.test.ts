import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { parseSelfView, storeSelfView } from '#lab/peers/whoami.ts'
import { whoami } from '#shared/process/whoami.ts'

let directory: string
beforeEach(async () => { directory = await mkdtemp(join(tmpdir(), 'limits-lab-whoami-')) })
afterEach(() => rm(directory, { recursive: true }))

const written = `hostname 3f1c2a9b7d10
pid1 docker-init
namespace cgroup:[4026531835]
namespace 
namespace pid:[4026532456]
addresses 172.19.0.4 fd00::4 
osRelease Debian GNU/Linux 13 (trixie)
root 0:54 overlay ro,relatime 1837162
bootId 5f0c9d0e-7a0b-4c5e-9b39-0d6f5b1f9c11
release 6.12.48-amd64
version #1 SMP PREEMPT_DYNAMIC Debian 6.12.48-1
cpus 2
memTotal 24686544 kB
`

test('what a store wrote about itself is read line by line; what it could not find out is left out', () => {
  expect(parseSelfView(written)).toEqual({
    hostname: '3f1c2a9b7d10',
    pid1: 'docker-init',
    namespaces: { cgroup: 'cgroup:[4026531835]', pid: 'pid:[4026532456]' },
    addresses: ['172.19.0.4'],
    osRelease: 'Debian GNU/Linux 13 (trixie)',
    root: { device: '0:54', inode: 1837162, type: 'overlay', isReadOnly: true },
    bootId: '5f0c9d0e-7a0b-4c5e-9b39-0d6f5b1f9c11',
    uname: { release: '6.12.48-amd64', version: '#1 SMP PREEMPT_DYNAMIC Debian 6.12.48-1' },
    believes: { cpus: 2, totalMemoryBytes: 24686544 * 1024 }
  })
})

test.each([['empty', ''], ['cut short', 'hostname x\nroot 0:54'], ['nonsense', 'root a b c d\ncpus two\nmemTotal 5 MB']])('what a store wrote about itself, if it is %s, has nulls and no zeros', (_case, text) => {
  const believes = { cpus: null, totalMemoryBytes: null }
  const nothing = { pid1: null, namespaces: {}, addresses: [], root: null, bootId: null, believes }
  expect(parseSelfView(text)).toMatchObject(nothing)
})

test('of a store that wrote nothing about itself, nothing is known', async () => {
  expect(await storeSelfView('postgres', directory)).toBeNull()
})

test('the script in the stores writes what /whoami answers in the same container', async () => {
  const env = { ...process.env, WHOAMI: directory }
  const { stdout, stderr } = await promisify(execFile)('bash', ['scripts/write-whoami.sh', 'echo', 'then', 'this'], {
    env
  })
  expect([stdout, stderr]).toEqual(['then this\n', ''])
  const self = parseSelfView(readFileSync(join(directory, 'whoami'), 'utf8'))
  const { hostname, pid1, addresses, osRelease, root, bootId, uname, believes, namespaces } = whoami()
  const { release, version } = uname
  expect(self).toMatchObject({ hostname, pid1, osRelease, root, bootId, uname: { release, version } })
  expect(self.believes).toEqual({ cpus: believes.cpus, totalMemoryBytes: believes.totalMemoryBytes })
  expect(self.namespaces).toEqual(Object.fromEntries(Object.entries(namespaces).filter(([, link]) => link !== null)))
  // Those of interfaces that are down too.
  expect(self.addresses).toEqual(expect.arrayContaining(addresses))
})

test('the script in the stores starts the store also where it can write nothing, and says so', async () => {
  const { stdout, stderr } = await promisify(execFile)('bash', ['scripts/write-whoami.sh', 'echo', 'started'])
  expect(stdout).toBe('started\n')
  expect(stderr).toContain('the lab knows nothing about this container')
})
