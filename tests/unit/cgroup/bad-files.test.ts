import { chmodSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import type { Fault } from '#cgroup/fault.ts'
import { cgroupAt } from '#cgroup/locate.ts'
import type { Reading } from '#cgroup/reading.ts'
import { asUser } from '#support/as-user.ts'
import { faultText, fixture, idA, makeTree, place, procOfHost, removeTrees, write } from '#support/cgroup-tree.ts'

afterEach(removeTrees)

const v1Id = '642e01b866ee1b7bbab6a59f9798a507aca1c15392de060fae258996416181b1'
/** v2, and v1 with the pressure files of a hybrid host. */
const hosts = {
  v2: { fixture: 'v2/half-a-cpu-throttled', at: `/docker/${idA}`, path: `/docker/${idA}` },
  v1: { fixture: 'v1/half-a-cpu-throttled', at: '/', path: `/docker/${v1Id}` }
}
type Version = keyof typeof hosts

/** A container, and what is reported about it. */
function open (version: Version) {
  const { fixture, at, path } = hosts[version]
  const root = makeTree(version === 'v2' ? { 'cgroup.controllers': 'cpu memory pids\n' } : {})
  chmodSync(root, 0o755)
  place(root, at, fixture)
  const reported: Fault[] = []
  const cgroup = cgroupAt(root, path, makeTree(procOfHost), fault => reported.push(fault))
  return { root, path, cgroup, reported }
}

/** Every value of a reading by its path: `memory.events.oomKill`. */
function valuesOf (reading: Reading): Map<string, unknown> {
  const values = new Map<string, unknown>()
  const note = (value: unknown, at: string): void => {
    if (typeof value !== 'object' || value === null) values.set(at, value)
    else for (const [key, inner] of Object.entries(value)) note(inner, at === '' ? key : `${at}.${key}`)
  }
  note({ ...reading, takenAtMs: 0, monotonicUs: 0, inode: 0 }, '')
  return values
}

/** What of `before` is not in `after` as it was. */
function lost (before: Reading, after: Reading): string[] {
  const now = valuesOf(after)
  return [...valuesOf(before)].filter(([at, value]) => now.get(at) !== value).map(([at]) => at)
}

function filesOf (version: Version): string[] {
  const base = join(fixture(hosts[version].fixture))
  const below = (path: string): string[] => readdirSync(join(base, path)).flatMap(name => {
    const at = join(path, name)
    return statSync(join(base, at)).isDirectory() ? below(at) : [at]
  })
  return below('/').map(at => join(hosts[version].at, at)).filter(at => at.includes(hosts[version].path))
}

const every = (['v2', 'v1'] as const).flatMap(version => filesOf(version).map(file => [version, file] as const))

test.each(every)('on %s, %s that is garbled costs only its own values, which are null, and is reported with its path', (version, file) => {
  const { root, cgroup, reported } = open(version)
  const before = cgroup.read()!
  write(root, file, '@ garbled\nsome @\nfull @\nusage_usec @\noom_kill @\n254:0 Read @\n254:0 rbytes=@\n')
  const after = cgroup.read()!
  cgroup.close()
  const faulty = new Set(reported.map(({ path }) => path))
  expect([...faulty].filter(path => path !== join(root, file))).toEqual([])
  expect(lost(before, after).filter(at => !belongsTo(at, file))).toEqual([])
})

/** Of which part of a reading a file can be: derived values go with those they are made of. */
const parts: Array<[RegExp, RegExp]> = [
  [/\/cpu\.(stat)$|cpuacct/, /^cpu\./],
  [/cpu\.(max|cfs_)/, /^limits\.cpuMax/],
  [/cpu\.(weight|shares)/, /^limits\.cpu(Weight|Shares)/],
  [/cpuset/, /^limits\.cpusetCpus/],
  [/memory\.(max|limit_in_bytes)$/, /^limits\.(memoryMaxBytes|swapMaxBytes)/],
  [/memory\.(swap\.max|memsw)/, /^limits\.(swapMaxBytes|rawSwapMaxBytes)/],
  [/memory\.high/, /^limits\.memoryHighBytes/],
  [/memory\.(low|soft)/, /^limits\.memoryLowBytes/],
  [/memory\.(current|usage_in_bytes|peak|max_usage_in_bytes|swap\.current|kmem)/, /^memory\.(current|peak|workingSet|swapCurrent|kernel)Bytes/],
  [/memory\.stat/, /^memory\.(?!events|current|peak)/],
  [/memory\.(events|oom_control|failcnt)/, /^memory\.events/],
  [/pids\.max/, /^limits\.pidsMax/],
  [/pids\.|cgroup\.procs/, /^(pids\.|populated)/],
  [/io\.stat|blkio/, /^io/],
  [/\.pressure/, /^pressure/]
]

function belongsTo (at: string, file: string): boolean {
  return parts.some(([ofFile, ofValue]) => ofFile.test(file) && ofValue.test(at))
}

test.each(['v2', 'v1'] as const)('on %s, one bad key in memory.stat costs that key', version => {
  const { root, path, cgroup, reported } = open(version)
  const stat = version === 'v2' ? `${path}/memory.stat` : `memory${path}/memory.stat`
  const [anon, file] = version === 'v2' ? ['anon', 'file'] : ['total_rss', 'total_cache']
  write(root, stat, `${anon} 12x\n${file} 5\n`)
  expect(cgroup.read()?.memory).toMatchObject({ anonBytes: null, fileBytes: 5, currentBytes: expect.any(Number) })
  expect(reported.map(faultText)).toEqual([`${join(root, stat)} ${anon}: expected a whole number, got "12x"`])
  cgroup.close()
})

test('one bad line of a pressure file costs that line', () => {
  const { root, path, cgroup, reported } = open('v2')
  write(root, `${path}/cpu.pressure`, 'some avg10=0.00 avg60=0.00 avg300=0.00 total=12\nfull avg10=0.00 avg60=0.00 avg300=0.00\n')
  expect(cgroup.read()?.pressure.cpu).toMatchObject({ some: { totalUs: 12 }, full: null })
  expect(reported.map(({ key }) => key)).toEqual(['full'])
  cgroup.close()
})

test('one bad counter of a device costs that counter', () => {
  const { root, path, cgroup, reported } = open('v2')
  write(root, `${path}/io.stat`, '8:0 rbytes=1 wbytes=x rios=3 wios=4 dbytes=5 dios=6\n8:16 rbytes=7\n')
  expect(cgroup.read()?.io).toMatchObject([
    { major: 8, minor: 0, readBytes: 1, writeBytes: null, readOps: 3 },
    { minor: 16, readBytes: 7 }
  ])
  expect(reported.map(({ key }) => key)).toEqual(['8:0 wbytes'])
  cgroup.close()
})

test.each(['v2', 'v1'] as const)(
  'on %s, a file that may not be read costs its value, as one of no number does',
  version => {
    const { root, path, cgroup, reported } = open(version)
    const file = version === 'v2' ? `${path}/memory.max` : `memory${path}/memory.limit_in_bytes`
    chmodSync(join(root, file), 0o000)
    const reading = asUser(() => cgroup.read())!
    expect(reading.limits).toMatchObject({ memoryMaxBytes: null, pidsMax: 64 })
    expect(reading.memory.currentBytes).toEqual(expect.any(Number))
    expect(reported.map(({ path, error }) => [path, error.message])).toEqual([
      [join(root, file), expect.stringContaining('EACCES')]
    ])
    cgroup.close()
  }
)

test('memory.current that may not be read leaves the rest of memory: it is not the root of a host, which has none', () => {
  const { root, path, cgroup } = open('v2')
  chmodSync(join(root, path, 'memory.current'), 0o000)
  const expected = { currentBytes: null, workingSetBytes: null, anonBytes: expect.any(Number) }
  expect(asUser(() => cgroup.read())?.memory).toMatchObject(expected)
  cgroup.close()
})

test('effectiveLimits with a file of an ancestor that cannot be read counts that level as unknown, and is reported', () => {
  const { root, cgroup, reported } = open('v2')
  write(root, 'docker/memory.max', '1048576\n')
  write(root, 'docker/pids.max', '@\n')
  expect(cgroup.effectiveLimits()).toMatchObject({
    memory: { bytes: 1048576, from: 'ancestor' },
    pids: { max: 64, from: 'own' }
  })
  expect(reported.map(faultText)).toEqual([`${root}/docker/pids.max null: expected a whole number, got "@"`])
  expect(cgroup.faults()).toEqual(reported)
  cgroup.close()
})

test.each([
  ['v2', { 'memory.max': 'memory', 'cpu.max': 'cpuCores', 'pids.max': 'pids' }],
  ['v1', { 'memory/memory.limit_in_bytes': 'memory', 'cpu/cpu.cfs_quota_us': 'cpuCores', 'pids/pids.max': 'pids' }]
] as const)('on %s, effectiveLimits without the own limit of something does not take the host\'s for it', (version, files) => {
  for (const [file, limit] of Object.entries(files)) {
    const { root, path, cgroup } = open(version)
    const [controller, name] = file.includes('/') ? file.split('/') : ['', file]
    write(root, join(controller!, path, name!), '@\n')
    const stat = join(root, controller!, path, 'memory.stat')
    if (version === 'v1' && limit === 'memory') write(stat, '', 'hierarchical_memory_limit 9223372036854771712\n')
    const effective = cgroup.effectiveLimits()!
    cgroup.close()
    expect([limit, effective[limit as keyof typeof effective]]).toEqual([limit, null])
    expect(Object.values(effective).filter(limit => limit !== null)).not.toHaveLength(0)
  }
})

test('a directory that was replaced still drops the reading whole, and leaves no fault', () => {
  const { root, path, cgroup } = open('v2')
  write(root, `${path}/memory.max`, '@\n')
  cgroup.read()
  expect(cgroup.faults()).toHaveLength(1)
  renameSync(join(root, path), join(root, 'elsewhere'))
  rmSync(join(root, 'elsewhere'), { recursive: true })
  expect([cgroup.read(), cgroup.faults()]).toEqual([null, []])
})
