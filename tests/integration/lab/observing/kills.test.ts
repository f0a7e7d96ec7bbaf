/** Kills, from the files of a tree to the events that the lab makes of them. */
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { makeTree, removeTrees, write } from '#support/cgroup-tree.ts'
import { idOf } from '../../../unit/lab/support/fakes.ts'
import { dnsOf, labOnTree } from '../support/lab-on-tree.ts'

afterEach(removeTrees)

const MIB = 2 ** 20
const eventsText = (counts: { max?: number, oom?: number, oomKill?: number, groupKill?: number }) =>
  `low 0\nhigh 0\nmax ${counts.max ?? 0}\noom ${counts.oom ?? 0}\noom_kill ${counts.oomKill ?? 0}\n` +
  (counts.groupKill === undefined ? '' : `oom_group_kill ${counts.groupKill}\n`)

interface Files { current?: number, peak?: number, limit?: number | 'max', counts?: Parameters<typeof eventsText>[0] }

/** A host with cgroup v2 and one container of 256 MiB under `/docker`. `peak` left out: a kernel before 5.19. */
async function v2Host (first: Files = {}) {
  const id = idOf('a1')
  const root = makeTree({
    'cgroup.controllers': 'cpu memory pids\n',
    'docker/memory.events': eventsText({}),
    'docker/memory.events.local': eventsText({})
  })
  const writeFiles = ({ current = 60 * MIB, peak, limit = 256 * MIB, counts = {} }: Files) => {
    const files = {
      current,
      ...(peak === undefined ? {} : { peak }),
      max: limit,
      events: eventsText(counts),
      stat: 'anon 0\n'
    }
    for (const [name, text] of Object.entries(files)) write(root, `docker/${id}/memory.${name}`, `${text}\n`)
    write(root, `docker/${id}/pids.current`, '5\n')
  }
  writeFiles(first)
  const lab = labOnTree(root, dnsOf(new Map([[id, 'lab-api-1']])))
  await lab.tick()
  const next = async (files: Files) => { writeFiles(files); await lab.tick(2) }
  const remove = () => rmSync(join(root, 'docker', id), { recursive: true })
  const texts = () => lab.events.all().map(({ text }) => text)
  const oom = () => lab.events.all().at(-1)?.oom
  return { root, lab, next, remove, texts, oom }
}

describe('a kill that the container counted', () => {
  test('where the kernel keeps no peak was for its own limit, since `oom` rose, however low usage was when it was read', async () => {
    const host = await v2Host({ current: 200 * MIB })
    await host.next({ current: 60 * MIB, counts: { max: 18, oom: 1, oomKill: 1 } })
    expect(host.texts()).toEqual([
      'killed by its own memory limit (oom +1): oom_kill +1, peak seen = 200 MiB of 256 MiB, victim: a child'
    ])
    expect(host.oom()).toEqual({
      kills: 1,
      cause: 'own_limit',
      peakBytes: 200 * MIB,
      peakFrom: 'samples',
      limitBytes: 256 * MIB,
      victim: 'child'
    })
  })

  test('long after page cache had met its own limit was not for it, since `oom` did not rise', async () => {
    const host = await v2Host({ peak: 256 * MIB, counts: { max: 900 } })
    await host.next({ peak: 256 * MIB, counts: { max: 900, oomKill: 1 } })
    expect(host.texts()).toEqual(['killed by the OOM killer; its own limit was not the reason (oom +0): oom_kill +1, peak = 256 MiB of 256 MiB, victim: a child'])
    expect(host.oom()).toMatchObject({ kills: 1, cause: 'not_own_limit', peakFrom: 'kernel' })
  })

  test('a sample after `oom` rose is for its own limit: the kernel counts the one before it kills', async () => {
    const host = await v2Host({ peak: 250 * MIB })
    await host.next({ peak: 256 * MIB, counts: { oom: 1 } })
    await host.next({ peak: 256 * MIB, counts: { oom: 1, oomKill: 1 } })
    expect(host.oom()).toMatchObject({ cause: 'own_limit' })
  })

  test('of all that were in it at once (memory.oom.group) is for its own limit, by one `oom`', async () => {
    const host = await v2Host({ peak: 100 * MIB, counts: { groupKill: 0 } })
    await host.next({ peak: 256 * MIB, counts: { max: 20, oom: 1, oomKill: 3, groupKill: 1 } })
    expect(host.oom()).toMatchObject({ kills: 3, cause: 'own_limit' })
  })

  test('twice, with one `oom`, was once for another limit, and the kernel does not count which time', async () => {
    const host = await v2Host({ peak: 100 * MIB, counts: { groupKill: 0 } })
    await host.next({ peak: 256 * MIB, counts: { max: 20, oom: 1, oomKill: 2, groupKill: 0 } })
    expect(host.oom()).toMatchObject({ kills: 2, cause: 'not_counted' })
    expect(host.texts()).toEqual(['killed by the OOM killer; not every one of these kills was for its own limit (oom +1, oom_kill +2): oom_kill +2, peak = 256 MiB of 256 MiB, victim: a child'])
  })

  test('without a limit of its own says so, instead of naming one above as its own', async () => {
    const host = await v2Host({ peak: 100 * MIB, limit: 'max' })
    await host.next({ peak: 300 * MIB, limit: 'max', counts: { oomKill: 1 } })
    expect(host.texts()).toEqual(['killed by the OOM killer; it has no limit of its own (oom +0): oom_kill +1, peak = 300 MiB, victim: a child'])
  })

  test('after a restart counts from 0, and its peak is that of the new life', async () => {
    const host = await v2Host({ current: 250 * MIB, counts: { oom: 4, oomKill: 4 } })
    host.remove()
    await host.lab.tick()
    await host.next({ current: 90 * MIB, counts: { oom: 1, oomKill: 1 } })
    expect(host.oom()).toMatchObject({ kills: 1, cause: 'own_limit', peakBytes: 90 * MIB })
  })
})

describe('a container that ended', () => {
  const id = 'a'.repeat(64)
  const folder = new URL('../../../fixtures/cases/09-count-stays-below/', import.meta.url).pathname
  const nothingKnown = 'ended near its memory limit, peak seen = 254 MiB of 256 MiB; whether it was killed is not known: the kernel\'s count went with its cgroup'

  /** Before and after, as the case has them; `also` is in the tree from the beginning. */
  async function play (also: Record<string, string> = {}, proc?: string) {
    const root = makeTree({})
    cpSync(join(folder, 'before'), root, { recursive: true })
    for (const [path, text] of Object.entries(also)) write(root, path, text)
    const lab = labOnTree(root, dnsOf(new Map([[id, 'lab-api-1']])), proc === undefined ? {} : { proc })
    await lab.tick(2)
    rmSync(join(root, 'docker', id), { recursive: true })
    cpSync(join(folder, 'after'), root, { recursive: true })
    await lab.tick()
    return lab
  }

  test('case 09: below a cgroup that counts itself alone may have been killed, and nothing is counted', async () => {
    const lab = await play()
    expect(lab.events.all()).toMatchObject([{ kind: 'oom_kill', text: nothingKnown, oom: { kills: 0, cause: 'not_counted', victim: 'unknown' } }])
    expect(lab.observer.sample().containers).toMatchObject([{ oomKills: 0 }])
  })

  test('below one that counts those below it, and counted none, was not killed', async () => {
    expect((await play({ 'docker/memory.events.local': eventsText({}) })).events.all()).toEqual([])
  })

  test('where cgroup2 is mounted with memory_localevents may have been killed: there too each counts itself alone', async () => {
    const proc = makeTree({
      'self/mountinfo': '30 22 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate,memory_localevents,memory_recursiveprot\n'
    })
    const lab = await play({ 'docker/memory.events.local': eventsText({}) }, proc)
    expect(lab.events.all()).toMatchObject([{ text: nothingKnown, oom: { kills: 0 } }])
  })

  test('right below the root, which counts nothing, may have been killed', async () => {
    const root = makeTree({ 'cgroup.controllers': 'memory\n' })
    cpSync(join(folder, 'before/docker', id), join(root, id), { recursive: true })
    const lab = labOnTree(root, dnsOf(new Map([[id, 'lab-api-1']])))
    await lab.tick(2)
    rmSync(join(root, id), { recursive: true })
    await lab.tick()
    expect(lab.events.all()).toMatchObject([{ text: nothingKnown, oom: { kills: 0 } }])
  })
})
