import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { readArguments, UsageError } from '#scripts/start/arguments.ts'
import { wrap } from '#scripts/start/command-line.ts'
import { postgresSettings } from '#scripts/start/definitions.ts'
import { changeFiles, limitFiles } from '#scripts/start/limit-files.ts'
import { Restarts } from '#scripts/start/service-process.ts'
import type { ContainerLimits } from '#shared/limits/change.ts'

describe('limits as files', () => {
  const limits = { cpus: 0.5, memoryBytes: 1024, pids: 7 }
  const written = (version: 'v1' | 'v2') =>
    limitFiles(version, limits).map(({ controller, name, value }) => `${controller}/${name} ${value}`)

  test('on v2 swap is switched off', () => {
    expect(written('v2')).toEqual([
      'memory/memory.max 1024',
      'memory/memory.swap.max 0',
      'cpu/cpu.max 50000 100000',
      'pids/pids.max 7'
    ])
  })

  test('on v1 memory and swap together get the limit of memory, and are set after it', () => {
    expect(written('v1')).toEqual([
      'memory/memory.limit_in_bytes 1024',
      'memory/memory.memsw.limit_in_bytes 1024',
      'cpu/cpu.cfs_period_us 100000',
      'cpu/cpu.cfs_quota_us 50000',
      'pids/pids.max 7'
    ])
  })

  test('without a limit no file is written', () => {
    expect(limitFiles('v2', { cpus: null, memoryBytes: null, pids: null })).toEqual([])
  })
})

describe('a change of limits as files', () => {
  const now = { memoryBytes: 1024, memoryAndSwapBytes: 1024, cpus: 0.5, pids: 7 }
  const written = (version: 'v1' | 'v2', change: Partial<ContainerLimits>) =>
    changeFiles(version, { ...now, ...change }, now).map(({ name, value }) => `${name} ${value}`)

  test('has only those that differ', () => {
    expect(written('v2', {})).toEqual([])
    expect(written('v2', { cpus: 0.25 })).toEqual(['cpu.max 25000 100000'])
    expect(written('v1', { pids: 3 })).toEqual(['pids.max 3'])
  })

  test('on v1 lowers memory first and then memory with swap, and raises them the other way round', () => {
    expect(written('v1', { memoryBytes: 512, memoryAndSwapBytes: 512 }))
      .toEqual(['memory.limit_in_bytes 512', 'memory.memsw.limit_in_bytes 512'])
    expect(written('v1', { memoryBytes: 2048, memoryAndSwapBytes: 2048 }))
      .toEqual(['memory.memsw.limit_in_bytes 2048', 'memory.limit_in_bytes 2048'])
  })

  test('takes limits away, in the word that each version has for none', () => {
    const none: ContainerLimits = { memoryBytes: 'max', memoryAndSwapBytes: 'max', cpus: 'max', pids: 'max' }
    expect(written('v2', none)).toEqual(['memory.swap.max max', 'memory.max max', 'cpu.max max 100000', 'pids.max max'])
    expect(written('v1', none)).toEqual(['memory.memsw.limit_in_bytes -1', 'memory.limit_in_bytes -1',
      'cpu.cfs_period_us 100000', 'cpu.cfs_quota_us -1', 'pids.max max'])
  })
})

describe('a command line', () => {
  test('without any wrapping is the command itself', () => {
    expect(wrap(['redis-server', '-'], { join: [], namespaces: null, account: null })).toEqual(['redis-server', '-'])
  })

  test('joins the cgroup first, then enters namespaces, and changes the account last', () => {
    const line = wrap(['postgres'], {
      join: ['/a/cgroup.procs', '/b/cgroup.procs'],
      namespaces: { name: 'n', tree: '/t' },
      first: ['bash', 'first'],
      account: { uid: 1, gid: 2 }
    })
    const order = ['/a/cgroup.procs /b/cgroup.procs', 'unshare', 'bash', 'setpriv', 'postgres'].map(word =>
      line.indexOf(word)
    )
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(order).not.toContain(-1)
    expect(line.slice(-6)).toEqual(['setpriv', '--reuid=1', '--regid=2', '--clear-groups', '--', 'postgres'])
  })
})

test('pauses before a restart double up to a minute, and begin anew after ten seconds of life', () => {
  const restarts = new Restarts()
  const pauses = Array.from({ length: 12 }, () => restarts.nextPauseMs(0))
  expect(pauses).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200, 60_000, 60_000])
  expect(restarts.nextPauseMs(10_000)).toBe(100)
})

test('Postgres gets the settings of its file, except for the address on which it listens', () => {
  const settings = postgresSettings(readFileSync('services/postgres/postgresql.conf', 'utf8'))
  expect(settings).toEqual(expect.arrayContaining(['shared_buffers=64MB', 'jit=off', 'timezone=UTC']))
  expect(settings.join(' ')).not.toContain('listen_addresses')
})

test.each([
  [[], { local: false, namespaces: false, quiet: false, build: true, help: false }],
  [['--local', '--quiet'], { local: true, namespaces: false, quiet: true, build: true, help: false }],
  [['--no-build'], { local: false, namespaces: false, quiet: false, build: false, help: false }],
  [['--namespaces'], { local: true, namespaces: true, quiet: false, build: true, help: false }]
])('npm start -- %j is understood', (args, options) => {
  expect(readArguments(args)).toEqual(options)
})

test.each([[['--namespace']], [['api']]])('npm start -- %j is refused', args => {
  expect(() => readArguments(args)).toThrow(UsageError)
})
