import { describe, expect, test } from '@jest/globals'
import type { Reading } from '#cgroup/reading.ts'
import { EventLog } from '#lab/events.ts'
import type { Found } from '#lab/observing/containers/discovery.ts'
import { Roster } from '#lab/observing/containers/roster.ts'
import { OomWatch } from '#lab/observing/oom/watch.ts'
import type { Witness } from '#lab/observing/oom/witness.ts'
import { History } from '#lab/observing/sampling/history.ts'
import { Sampler } from '#lab/observing/sampling/sampler.ts'
import { capturedLog } from '#support/captured-log.ts'
import { readingOf } from '#support/readings.ts'
import { FakeCgroup, FakeTime, foundOf, halfACpu, idOf, momentAt } from '../../support/fakes.ts'

const MIB = 2 ** 20
const EVERY_MS = 250

interface Counts { inode?: number, oom?: number, oomKill?: number, mib?: number, tasks?: number }

/** A lab whose clock, cgroups, witness and containers are ours. */
function setUp ({ containers = 10, keepMs = 60_000 } = {}) {
  const time = new FakeTime()
  const cgroups = new Map<string, FakeCgroup>()
  const witness: Witness & { total: number | null } = { kind: 'parent', total: 0, kills: () => witness.total }
  const events = new EventLog(() => 1_700_000_000_000 + time.nowMs())
  const { log, lines } = capturedLog()
  const history = new History(100)
  const roster = new Roster({ open: path => cgroups.get(path)!, history }, { containers, keepMs })
  const kills: string[] = []
  const restarts: string[] = []
  const oom = new OomWatch({
    witnessOf: () => witness, events, after: time.after, onKills: (service, oom) => kills.push(`${service} ${oom.victim} ${oom.cause} ${oom.kills}`)
  })
  const sampler = new Sampler(
    { roster, history, oom, events, log, onRestart: service => restarts.push(service), now: () => momentAt(time.nowMs()) },
    { services: ['api', 'worker'], historyEvery: 1 })

  const readingNow = ({ inode = 1, oomKill = 0, oom = oomKill, mib = 60, tasks = 5 }: Counts): Reading => readingOf({
    inode,
    monotonicUs: time.nowMs() * 1000,
    limits: { memoryMaxBytes: 256 * MIB },
    memory: { currentBytes: mib * MIB, peakBytes: mib * MIB, workingSetBytes: mib * MIB, events: { oom, oomKill } },
    pids: { current: tasks }
  })
  const adopt = (given: Partial<Found> = {}) => {
    const found = foundOf(given)
    const cgroup = new FakeCgroup(readingNow({}))
    cgroups.set(found.path, cgroup)
    const set = (given: Counts | null) => { cgroup.now = given === null ? null : readingNow(given) }
    return { found, cgroup, isAdopted: sampler.adopt(found), set }
  }
  const sample = (times = 1) => {
    for (let i = 0; i < times; i++) {
      time.advance(EVERY_MS)
      sampler.take('shown')
    }
  }
  const happened = () => events.all().map(({ kind, name, text }) => `${name} ${kind}: ${text}`)
  return { time, witness, sampler, roster, history, lines, kills, restarts, events, adopt, sample, happened }
}

const other = { id: idOf('b2'), name: 'lab-worker-1', service: 'worker' }

describe('an OOM kill', () => {
  test('of a child is an event at once, and half a second later at most an event with the child as victim', () => {
    const { time, sampler, sample, adopt, events, kills } = setUp()
    const { set } = adopt()
    const updates: number[] = []
    events.onUpdate(({ id }) => updates.push(id))
    sample()
    set({ oomKill: 1, mib: 256 })
    sample()
    const [event] = events.all()
    expect(event).toMatchObject({
      kind: 'oom_kill', text: 'killed by its own memory limit (oom +1): oom_kill +1, peak = 256 MiB of 256 MiB, victim: not known yet', oom: { kills: 1, victim: null }
    })
    expect(sampler.view().containers).toMatchObject([{ state: 'oom_killed', oomKills: 1 }])
    expect(kills).toEqual([])
    time.advance(300)
    expect(events.all()).toEqual([{
      ...event, text: 'killed by its own memory limit (oom +1): oom_kill +1, peak = 256 MiB of 256 MiB, victim: a child', oom: { ...event!.oom, victim: 'child' }
    }])
    expect(updates).toEqual([event!.id])
    expect(kills).toEqual(['api child own_limit 1'])
    expect(sampler.view().containers).toMatchObject([{ oomKills: 1 }])
  })

  test('after which the container is back before its victim is looked for was PID 1\'s', () => {
    const { sample, adopt, events } = setUp()
    const { set } = adopt()
    sample()
    set({ oomKill: 1, mib: 256 })
    sample()
    set({ inode: 2 })
    sample(2)
    expect(events.all()).toMatchObject([{ kind: 'oom_kill', oom: { victim: 'pid1' } }, { kind: 'restarted' }])
  })

  test('a sample after its limit was met is for that limit: the kernel counts `oom` before it kills', () => {
    const { sample, adopt, events } = setUp()
    const { set } = adopt()
    sample()
    for (const oomKill of [0, 1]) {
      set({ oom: 1, oomKill, mib: 256, tasks: 0 })
      sample()
    }
    expect(events.all()).toMatchObject([{ oom: { kills: 1, cause: 'own_limit' } }])
  })

  test('a minute after its limit was met without a kill is for another limit', () => {
    const { sample, adopt, kills } = setUp()
    const { set } = adopt()
    sample()
    set({ oom: 1, mib: 256 })
    sample(240)
    set({ oom: 1, oomKill: 1, mib: 256, tasks: 0 })
    sample()
    expect(kills).toEqual(['api pid1 not_own_limit 1'])
  })

  test('in a container that could not be read for a while is judged by what was counted meanwhile', () => {
    const { time, sample, adopt, kills } = setUp()
    const { cgroup, set } = adopt()
    set({ oom: 7, oomKill: 7 })
    sample()
    cgroup.now = new Error('EMFILE: too many open files')
    sample(20)
    set({ oom: 7, oomKill: 8, tasks: 0 })
    sample()
    time.advance(200)
    expect(kills).toEqual(['api pid1 not_own_limit 1'])
  })

  test('that leaves no task is an event at once, with PID 1 as victim', () => {
    const { sample, adopt, events } = setUp()
    const { set } = adopt()
    sample()
    set({ oomKill: 1, mib: 256, tasks: 0 })
    sample()
    expect(events.all()).toMatchObject([{ oom: { kills: 1, victim: 'pid1' } }])
  })

  test('after which the container is gone is one event, with PID 1 as victim', () => {
    const { time, witness, sample, adopt, events, kills } = setUp()
    const { set } = adopt()
    sample()
    set({ oomKill: 1, mib: 256 })
    witness.total = 1
    sample()
    set(null)
    time.advance(200)
    sample(3)
    expect(events.all()).toMatchObject([{ kind: 'oom_kill', oom: { kills: 1, victim: 'pid1' } }])
    expect(kills).toEqual(['api pid1 own_limit 1'])
  })

  test('in a container whose tasks are not counted is an event with an unknown victim', () => {
    const { time, sample, adopt, events } = setUp()
    const { cgroup, set } = adopt()
    sample()
    set({ oomKill: 1, mib: 256 })
    cgroup.now = { ...cgroup.now as Reading, pids: { current: null, peak: null, limitHits: null, processes: null } }
    sample()
    time.advance(300)
    expect(events.all()).toMatchObject([
      { text: expect.stringMatching(/victim: not known$/), oom: { kills: 1, victim: 'unknown' } }
    ])
  })

  test('of which the count went with the container is known by its witness, and stays counted after the restart', () => {
    const { witness, sampler, sample, adopt, happened } = setUp()
    const { set } = adopt()
    sample(2)
    set(null)
    witness.total = 1
    sample()
    set({ inode: 2 })
    sample()
    expect(happened()).toEqual([
      'lab-api-1 oom_kill: OOM-killed: oom_kill +1, counted by the cgroup above as it ended, peak seen = 60 MiB of 256 MiB, victim: PID 1 (the container ended)',
      'lab-api-1 restarted: restarted, away for about 0.3 s; its counters begin at 0 again'
    ])
    expect(sampler.view().containers).toMatchObject([{ oomKills: 1, restarts: 1 }])
  })

  test('that a witness counted just before the container went is attributed to it', () => {
    const { witness, sample, adopt, events } = setUp()
    const { set } = adopt()
    sample()
    witness.total = 1
    sample()
    set(null)
    sample()
    expect(events.all()).toMatchObject([{ oom: { kills: 1, victim: 'pid1' } }])
  })

  test('of a stranger is attributed to no container', () => {
    const { witness, sample, adopt, events } = setUp()
    adopt()
    sample()
    witness.total = 1
    sample(8)
    expect(events.all()).toEqual([])
  })

  test('while two containers went is an event of both, and counted for neither', () => {
    const { witness, sampler, sample, adopt, events } = setUp()
    const [one, two] = [adopt(), adopt(other)]
    sample()
    one.set(null)
    two.set(null)
    witness.total = 1
    sample()
    expect(events.all()).toMatchObject([
      { oom: { kills: 0, victim: 'unknown' } },
      { oom: { kills: 0, victim: 'unknown' } }
    ])
    expect(sampler.view().containers).toMatchObject([{ oomKills: 0 }, { oomKills: 0 }])
  })

  test('that restarted a container is not confused with one of another container\'s child in the same sample', () => {
    const { witness, sample, adopt, events, time } = setUp()
    const [one, two] = [adopt(), adopt(other)]
    sample()
    one.set({ oomKill: 1, mib: 256 })
    two.set({ inode: 2 })
    witness.total = 2
    sample()
    time.advance(300)
    expect(
      events
        .all()
        .filter(({ kind }) => kind === 'oom_kill')
        .map(({ name, oom }) => [name, oom?.victim, oom?.kills])
    ).toEqual([
      ['lab-api-1', 'child', 1],
      ['lab-worker-1', 'pid1', 1]
    ])
  })
})

describe('a look for kills between two samples', () => {
  test('tells of a kill, which the next sample does not count again', () => {
    const { time, sampler, sample, adopt, events, kills } = setUp()
    const { set } = adopt()
    sample()
    time.advance(20)
    set({ oomKill: 1, mib: 256 })
    sampler.takeKilled('core')
    sampler.takeKilled('core')
    expect(events.all()).toMatchObject([{ oom: { kills: 1, victim: null } }])
    sample(3)
    expect(events.all()).toMatchObject([{ oom: { kills: 1, victim: 'child' } }])
    expect(kills).toEqual(['api child own_limit 1'])
    expect(sampler.view().containers).toMatchObject([{ oomKills: 1 }])
  })

  test('tells of each of two kills once, the second of which only the next sample sees', () => {
    const { time, sampler, sample, adopt, events } = setUp()
    const { set } = adopt()
    sample()
    time.advance(20)
    set({ oomKill: 1, mib: 256 })
    sampler.takeKilled('core')
    set({ oomKill: 2, mib: 256 })
    sample(3)
    expect(events.all().map(({ oom }) => oom?.kills)).toEqual([1, 1])
    expect(sampler.view().containers).toMatchObject([{ oomKills: 2 }])
  })

  test('reads only those in which there was one, and is no sample', () => {
    const { time, sampler, sample, adopt } = setUp()
    const [one, two] = [adopt(), adopt(other)]
    sample()
    const { seq, last } = sampler
    const reads = [one, two].map(({ cgroup }) => cgroup.extents.length)
    time.advance(20)
    two.set({ oomKill: 1, mib: 256 })
    sampler.takeKilled('core')
    expect([one, two].map(({ cgroup }) => cgroup.extents.length)).toEqual([reads[0], reads[1]! + 1])
    expect(sampler).toMatchObject({ seq, last })
  })

  test('tells of a kill that went with its container by the witness, and the next sample tells nothing more', () => {
    const { time, witness, sampler, sample, adopt, events } = setUp()
    const { set } = adopt()
    sample()
    time.advance(20)
    set(null)
    witness.total = 1
    sampler.takeKilled('core')
    expect(events.all()).toMatchObject([{ oom: { kills: 1, victim: 'pid1' } }])
    sample(2)
    expect(events.all()).toHaveLength(1)
  })

  test('does not take the kill of one for that of another, which ended meanwhile', () => {
    const { time, witness, sampler, sample, adopt, events } = setUp()
    const [one, two] = [adopt(), adopt(other)]
    sample()
    time.advance(20)
    one.set({ oomKill: 1, mib: 256 })
    two.set(null)
    witness.total = 1
    sampler.takeKilled('core')
    sample(2)
    expect(events.all()).toMatchObject([{ name: 'lab-api-1', oom: { kills: 1 } }])
  })

  test('leaves a container to the next sample that cannot be read, was never read, or has ended already', () => {
    const { sampler, sample, adopt, events, lines } = setUp()
    const [closed, gone] = [adopt(), adopt(other)]
    sample()
    gone.set(null)
    sample()
    closed.cgroup.now = new Error('EACCES: permission denied')
    adopt({ id: idOf('c3'), name: 'lab-api-2' }).set({ oomKill: 3 })
    const warnings = lines.length
    sampler.takeKilled('core')
    expect(events.all()).toEqual([])
    expect(lines).toHaveLength(warnings)
  })
})

describe('a stop', () => {
  test('of a full container is no kill', () => {
    const { sample, adopt, happened } = setUp()
    const { set } = adopt()
    set({ mib: 255 })
    sample()
    set(null)
    sample(13)
    expect(happened()).toEqual(['lab-api-1 gone: its cgroup is gone: stopped or removed'])
  })

  test('is an event once it has lasted for three seconds, and so is the next stop', () => {
    const { sample, adopt, events } = setUp()
    const { set } = adopt()
    const kinds = () => events.all().map(({ kind }) => kind)
    sample()
    set(null)
    sample(12)
    expect(kinds()).toEqual([])
    sample(10)
    set({ inode: 2 })
    sample()
    set(null)
    sample(20)
    expect(kinds()).toEqual(['gone', 'restarted', 'gone'])
  })
})

describe('a container', () => {
  test('whose limits change while it runs is an event that says from what to what', () => {
    const { adopt, sample, happened } = setUp()
    const { cgroup } = adopt()
    sample(2)
    const { limits, ...reading } = cgroup.now as Reading
    cgroup.now = { ...reading, limits: { ...limits, memoryMaxBytes: 128 * MIB } }
    cgroup.effective = { ...halfACpu, memory: { bytes: 128 * MIB, from: 'own' } }
    sample(2)
    expect(happened()).toEqual(['lab-api-1 limits_changed: memory 256 MiB → 128 MiB'])
  })

  test('that cannot be read costs the others nothing, and is logged once', () => {
    const { sampler, sample, adopt, lines } = setUp()
    const { cgroup } = adopt()
    adopt(other)
    cgroup.now = new Error('EMFILE: too many open files')
    sample(3)
    expect(sampler.unreadable).toBe(1)
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
    expect(sampler.view().containers.map(({ memory }) => memory.currentBytes)).toEqual([null, 60 * MIB])
  })

  test('of which one value cannot be read is counted among those, and has all others', () => {
    const { sampler, sample, adopt, lines } = setUp()
    const { cgroup } = adopt()
    cgroup.faulty = [{ path: '/docker/fake/memory.peak', key: null, error: new Error('EACCES') }]
    sample()
    expect(sampler.unreadable).toBe(1)
    expect(sampler.view().containers[0]?.memory.currentBytes).toBe(60 * MIB)
    expect(lines.filter(({ level }) => level === 'warn')).toEqual([])
    cgroup.faulty = []
    expect(sampler.unreadable).toBe(0)
  })

  test('recreated under the same name takes the place of the old one', () => {
    const { sampler, sample, adopt, happened } = setUp()
    const { set } = adopt()
    sample()
    set(null)
    sample()
    adopt({ id: idOf('c3'), isNew: true })
    sample(20)
    expect(sampler.view().containers.map(({ id }) => id)).toEqual([idOf('c3')])
    expect(happened()).toEqual(['lab-api-1 appeared: appeared: a new container in the place of one of this name'])
  })

  test('recreated under the same name and then gone as well is shown once, and has one event that it is gone', () => {
    const { sampler, sample, adopt, events } = setUp()
    adopt()
    const [old, made] = [idOf('c3'), idOf('c4')].map(
      id => () => adopt({ id, name: 'lab-api-2', number: 2, isNew: true })
    )
    for (const make of [old!, made!]) {
      const { set } = make()
      sample()
      set(null)
      sample()
    }
    sample(20)
    expect(sampler.view().containers.map(({ id }) => id)).toEqual([idOf('a1'), idOf('c4')])
    expect(events.all().filter(({ kind }) => kind === 'gone').map(({ containerId }) => containerId)).toEqual([idOf('c4')])
  })

  test('recreated under the same name goes on with its counts, and is not called restarted for them', () => {
    const { sampler, sample, adopt } = setUp()
    const { set } = adopt()
    sample()
    set({ inode: 2, oomKill: 1, mib: 256 })
    sample()
    set(null)
    sample()
    adopt({ id: idOf('c3'), isNew: true })
    sample()
    expect(sampler.view().containers).toMatchObject([{ id: idOf('c3'), restarts: 1, oomKills: 1, state: 'calm' }])
  })

  test('recreated goes on with its counts also where the old one had to make room for it', () => {
    const { sampler, sample, adopt } = setUp({ containers: 1 })
    const { set } = adopt()
    sample()
    set({ inode: 2 })
    sample()
    set(null)
    sample()
    adopt({ id: idOf('c3'), isNew: true })
    sample()
    expect(sampler.view().containers).toMatchObject([{ id: idOf('c3'), restarts: 1 }])
  })

  test('of another name counts for itself', () => {
    const { sampler, sample, adopt } = setUp()
    const { set } = adopt()
    sample()
    set({ inode: 2 })
    sample()
    adopt({ id: idOf('c3'), name: 'lab-api-2', number: 2, isNew: true })
    sample()
    expect(sampler.view().containers.map(({ restarts }) => restarts)).toEqual([1, 0])
  })

  test('that is the last of its service stays to be seen while it is gone', () => {
    const { sampler, sample, adopt } = setUp()
    adopt().set(null)
    sample(200)
    expect(sampler.view().containers.map(({ state }) => state)).toEqual(['gone'])
  })

  test('that leaves others of its service behind is shown for half a minute', () => {
    const { sampler, sample, adopt } = setUp()
    adopt()
    const { set } = adopt({ id: idOf('c3'), name: 'lab-api-2', number: 2 })
    sample()
    set(null)
    sample(100)
    expect(sampler.view().containers).toHaveLength(2)
    sample(30)
    expect(sampler.view().containers.map(({ name }) => name)).toEqual(['lab-api-1'])
  })

  test('that is gone for longer than samples are kept is forgotten and closed', () => {
    const { roster, sample, adopt } = setUp({ keepMs: 5000 })
    const { set, cgroup, found } = adopt()
    sample()
    set(null)
    sample(30)
    expect(roster.has(found.id)).toBe(false)
    expect(cgroup.isClosed).toBe(true)
  })

  test('of many copies that came and went is remembered while it is among the last 32 of them, or the last of its service', () => {
    const { roster, sample, adopt } = setUp({ containers: 100, keepMs: 600_000 })
    adopt()
    const worker = adopt(other)
    worker.set(null)
    const copies = Array.from({ length: 40 }, (_, i) => {
      const { found, set } = adopt({ id: idOf(`c${i + 10}`), name: `lab-api-${i + 2}`, number: i + 2 })
      sample()
      set(null)
      return found
    })
    sample(130)
    expect(copies.map(({ id }) => roster.has(id))).toEqual(copies.map((_, i) => i >= 8))
    expect(roster.has(worker.found.id)).toBe(true)
  })

  test('for which there is no room is turned away, or takes the place of the one that is gone the longest', () => {
    const { sample, adopt } = setUp({ containers: 2 })
    adopt()
    const { set } = adopt(other)
    expect(adopt({ id: idOf('c3') }).isAdopted).toBe(false)
    sample()
    set(null)
    sample()
    expect(adopt({ id: idOf('c4') }).isAdopted).toBe(true)
  })
})

test('a sample lists containers by service and number', () => {
  const { sampler, sample, adopt } = setUp()
  adopt({ ...other, id: idOf('3'), name: 'lab-worker-10', number: 10 })
  adopt({ ...other, id: idOf('2'), name: 'lab-worker-2', number: 2 })
  adopt()
  sample()
  expect(sampler.view().containers.map(({ name }) => name)).toEqual(['lab-api-1', 'lab-worker-2', 'lab-worker-10'])
})

test('samples are counted, and a lab that takes none is not ready', async () => {
  const { time, sampler, sample } = setUp()
  await expect(sampler.check()).rejects.toThrow('no samples')
  sample(3)
  expect(sampler.view().seq).toBe(3)
  await sampler.check()
  time.advance(10_000)
  await expect(sampler.check()).rejects.toThrow('no samples')
})

describe('a sample', () => {
  test('of the core is shown with all other values, which are read when somebody asks for them', () => {
    const { sampler, adopt } = setUp()
    const { cgroup } = adopt()
    sampler.take('core')
    sampler.view()
    sampler.take('shown')
    sampler.view()
    expect(cgroup.extents).toEqual(['core', 'shown', 'shown'])
  })

  test('that cannot be completed is shown as it is, and the fault is logged once', () => {
    const { sampler, adopt, lines } = setUp()
    const { cgroup } = adopt()
    sampler.take('core')
    const core = cgroup.now
    for (let i = 0; i < 3; i++) {
      cgroup.now = new Error('EMFILE: too many open files')
      expect(sampler.view().containers[0]?.memory.currentBytes).toBe(60 * MIB)
      expect(sampler.unreadable).toBe(1)
      cgroup.now = core
      sampler.take('core')
      expect(sampler.unreadable).toBe(0)
    }
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
  })
})

test('the history has a gap where a container was gone', () => {
  const { history, sample, adopt } = setUp()
  const { set, found } = adopt()
  sample()
  set(null)
  sample()
  set({ inode: 2, mib: 30 })
  sample()
  expect(history.column(found.id, 2, history.steps(0, 0.001))).toEqual([60 * MIB, null, 30 * MIB])
})
