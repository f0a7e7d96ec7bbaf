import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { asUserAsync } from '#support/as-user.ts'
import { makeTree, place, removeTrees } from '#support/cgroup-tree.ts'
import { until } from '#support/until.ts'
import { idOf } from '../../../unit/lab/support/fakes.ts'
import { dnsOf, labOnTree } from '../support/lab-on-tree.ts'

afterEach(removeTrees)

const api = idOf('a1')
const worker = idOf('b2')
const stranger = idOf('c3')
const scope = (id: string) => `system.slice/docker-${id}.scope`

/** A host with the systemd driver and cgroup v2. */
function v2Host () {
  const root = makeTree({
    'cgroup.controllers': 'cpu memory pids',
    'system.slice/memory.events': 'oom_kill 4\n',
    'system.slice/memory.events.local': 'oom_kill 0\n'
  })
  const known = new Map<string, string>()
  const add = (id: string, name?: string) => {
    place(root, scope(id), 'v2/half-a-cpu-throttled')
    if (name !== undefined) known.set(id, name)
  }
  const remove = (id: string) => rmSync(join(root, scope(id)), { recursive: true })
  /** The new directory is made before the old one goes, or it might get its inode. */
  const restart = (id: string) => {
    place(root, 'new', 'v2/half-a-cpu-throttled')
    remove(id)
    renameSync(join(root, 'new'), join(root, scope(id)))
  }
  const write = (path: string, text: string) => writeFileSync(join(root, path), text)
  return { root, known, add, remove, restart, write, lab: labOnTree(root, dnsOf(known)) }
}

describe('on cgroup v2', () => {
  test('the containers of the stack are found, and strangers are not read', async () => {
    const { add, lab } = v2Host()
    add(api, 'lab-api-1')
    add(worker, 'lab-worker-1')
    add(stranger)
    await lab.tick(40)
    expect(lab.observer.sample().containers).toMatchObject([
      { name: 'lab-api-1', service: 'api', effective: { cpuCores: { cores: 0.5, from: 'own' } }, memory: { currentBytes: expect.any(Number) } },
      { name: 'lab-worker-1', service: 'worker' }
    ])
    expect(lab.observer.strangers).toBe(1)
  })

  test('copies that come and go are followed within a second', async () => {
    const { add, remove, lab } = v2Host()
    add(worker, 'lab-worker-1')
    await lab.tick()
    add(idOf('b3'), 'lab-worker-2')
    add(idOf('b4'), 'lab-worker-3')
    await lab.tick(4)
    expect(lab.names()).toEqual(['lab-worker-1 calm', 'lab-worker-2 calm', 'lab-worker-3 calm'])
    remove(idOf('b4'))
    await lab.tick()
    expect(lab.names()).toEqual(['lab-worker-1 calm', 'lab-worker-2 calm', 'lab-worker-3 restarting'])
    expect(lab.events.all().map(({ kind, name }) => `${name} ${kind}`)).toEqual([
      'lab-worker-2 appeared',
      'lab-worker-3 appeared'
    ])
  })

  test('a container that comes as another goes, between two looks, is found by the next', async () => {
    const { add, remove, lab } = v2Host()
    add(worker, 'lab-worker-1')
    await lab.tick()
    remove(worker)
    add(idOf('b3'), 'lab-worker-1')
    await lab.tick()
    expect(lab.observer.sample().containers.map(({ id }) => id)).toEqual([idOf('b3')])
  })

  test('a restart is seen by the new directory under the old path', async () => {
    const { add, restart, lab } = v2Host()
    add(api, 'lab-api-1')
    await lab.tick(2)
    restart(api)
    await lab.tick()
    expect(lab.names()).toEqual(['lab-api-1 restarting'])
    expect(lab.observer.sample().containers).toMatchObject([{ restarts: 1, oomKills: 0 }])
  })

  test('a kill that went with its cgroup is found in the count of the one above', async () => {
    const { add, remove, write, lab } = v2Host()
    add(api, 'lab-api-1')
    await lab.tick(2)
    remove(api)
    write('system.slice/memory.events', 'oom_kill 5\n')
    await lab.tick()
    expect(lab.events.all()).toMatchObject([{ kind: 'oom_kill', name: 'lab-api-1', oom: { kills: 1, victim: 'pid1' } }])
  })

  test('a kill that the container counted is its own', async () => {
    const { add, write, lab } = v2Host()
    add(api, 'lab-api-1')
    await lab.tick(2)
    write(`${scope(api)}/memory.events`, 'low 0\nhigh 0\nmax 9\noom 1\noom_kill 1\n')
    write('system.slice/memory.events', 'oom_kill 5\n')
    await lab.tick(2)
    expect(lab.events.all()).toMatchObject([{ kind: 'oom_kill', oom: { kills: 1, victim: 'child' } }])
  })

  test('a kill is an event when the kernel reports it, before the next sample, and is counted once', async () => {
    const { add, write, lab } = v2Host()
    add(api, 'lab-api-1')
    await lab.tick(2)
    const { seq } = lab.observer.sample()
    write(`${scope(api)}/memory.events`, 'low 0\nhigh 0\nmax 9\noom 1\noom_kill 1\n')
    await until(() => lab.events.all().length > 0, { what: 'the event of the kill' })
    expect(lab.observer.sample().seq).toBe(seq)
    await lab.tick(3)
    expect(lab.events.all()).toMatchObject([{ kind: 'oom_kill', oom: { kills: 1 } }])
    expect(lab.observer.sample().containers).toMatchObject([{ oomKills: 1 }])
  })

  test('a file that cannot be parsed costs its container one value, is logged once, and costs other containers nothing', async () => {
    const { add, write, lab } = v2Host()
    add(api, 'lab-api-1')
    add(worker, 'lab-worker-1')
    await lab.tick(2)
    write(`${scope(api)}/memory.max`, 'lots\n')
    await lab.tick(8)
    expect(lab.observer.unreadable).toBe(1)
    expect(lab.observer.sample().containers).toMatchObject([
      { limits: { memoryMaxBytes: null, pidsMax: 64 }, effective: { memory: null, pids: { max: 64 } }, memory: { currentBytes: expect.any(Number) } },
      { limits: { memoryMaxBytes: 67108864 } }
    ])
    expect(lab.lines.filter(({ level }) => level === 'warn')).toEqual([
      expect.objectContaining({ path: expect.stringMatching(/memory\.max$/), key: null })
    ])
    write(`${scope(api)}/memory.max`, 'max\n')
    await lab.tick()
    expect(lab.observer.unreadable).toBe(0)
  })

  test('a cgroup that is there without a process is empty, and not calm', async () => {
    const { add, write, lab } = v2Host()
    add(api, 'lab-api-1')
    await lab.tick(2)
    write(`${scope(api)}/pids.current`, '0\n')
    await lab.tick()
    expect(lab.names()).toEqual(['lab-api-1 empty'])
  })

  test('case 05: the slice of a user that may not be entered hides no container, and is logged once', async () => {
    const { root, add, lab } = v2Host()
    add(api, 'lab-api-1')
    mkdirSync(join(root, 'user.slice/user-1001.slice'), { recursive: true })
    for (const [path, mode] of [['', 0o755], ['user.slice', 0o000]] as const) chmodSync(join(root, path), mode)
    await asUserAsync(() => lab.tick(8))
    expect(lab.names()).toEqual(['lab-api-1 calm'])
    expect(lab.lines.filter(({ level }) => level === 'warn')).toEqual([expect.objectContaining({ path: join(root, 'user.slice') })])
    chmodSync(join(root, 'user.slice'), 0o755)
  })

  test('a directory that is still without files is a container without values', async () => {
    const { root, known, lab } = v2Host()
    mkdirSync(join(root, scope(api)))
    known.set(api, 'lab-api-1')
    await lab.tick(2)
    expect(lab.observer.sample().containers).toMatchObject([{ state: 'calm', memory: { currentBytes: null }, cpu: { throttling: 'not_measured' } }])
  })
})

describe('on cgroup v1', () => {
  /** A tick ends 200 ms after a sample. */
  const AFTER_A_SAMPLE_MS = 60

  function v1Host () {
    const proc = makeTree({
      vmstat: 'nr_free_pages 1\noom_kill 7\n',
      meminfo: 'MemTotal: 6291456 kB\nSwapTotal: 0 kB\n'
    })
    const root = makeTree({ 'pids/docker': null })
    const paths = (id: string) => ['memory', 'pids'].map(controller => join(root, controller, 'docker', id))
    const add = (id: string) => {
      for (const path of paths(id)) mkdirSync(path, { recursive: true })
      writeFileSync(join(root, 'memory/docker', id, 'memory.usage_in_bytes'), '1000\n')
      writeFileSync(join(root, 'memory/docker', id, 'memory.limit_in_bytes'), '1024\n')
      writeFileSync(join(root, 'memory/docker', id, 'memory.oom_control'), 'oom_kill_disable 0\nunder_oom 0\noom_kill 0\n')
    }
    const remove = (id: string) => { for (const path of paths(id)) rmSync(path, { recursive: true }) }
    add(api)
    const killed = (total: number) => writeFileSync(join(proc, 'vmstat'), `nr_free_pages 1\noom_kill ${total}\n`)
    const count = (kills: number) =>
      writeFileSync(join(root, 'memory/docker', api, 'memory.oom_control'), `oom_kill_disable 0\noom_kill ${kills}\n`)
    return { remove, killed, count, lab: labOnTree(root, dnsOf(new Map([[api, 'lab-api-1']])), { proc }) }
  }

  test('a kill that went with its cgroup is found in the count of the host', async () => {
    const { remove, killed, lab } = v1Host()
    await lab.tick(2)
    remove(api)
    killed(8)
    await lab.tick()
    expect(lab.events.all()).toMatchObject([
      { kind: 'oom_kill', oom: { kills: 1, victim: 'pid1' }, text: expect.stringMatching(/counted by the host/) }
    ])
  })

  test('a kill is told within 50 ms, before the next sample, and counted once', async () => {
    const { killed, count, lab } = v1Host()
    await lab.tick(2)
    await lab.pass(AFTER_A_SAMPLE_MS)
    const { seq } = lab.observer.sample()
    count(1)
    killed(8)
    await lab.pass(50)
    expect(lab.observer.sample().seq).toBe(seq)
    expect(lab.events.all()).toMatchObject([{ kind: 'oom_kill', oom: { kills: 1, victim: null } }])
    await lab.tick(3)
    expect(lab.events.all()).toMatchObject([{ kind: 'oom_kill', oom: { kills: 1, victim: 'unknown' } }])
    expect(lab.observer.sample().containers).toMatchObject([{ oomKills: 1 }])
  })

  test('a container that a kill took with it is told of within 50 ms', async () => {
    const { remove, killed, lab } = v1Host()
    await lab.tick(2)
    await lab.pass(AFTER_A_SAMPLE_MS)
    const { seq } = lab.observer.sample()
    remove(api)
    killed(8)
    await lab.pass(50)
    expect(lab.observer.sample().seq).toBe(seq)
    expect(lab.events.all()).toMatchObject([{ kind: 'oom_kill', oom: { kills: 1, victim: 'pid1' } }])
  })

  test('a container that stops at its limit without a kill was not killed', async () => {
    const { remove, lab } = v1Host()
    await lab.tick(2)
    remove(api)
    await lab.tick(2)
    expect(lab.events.all()).toEqual([])
  })
})
