import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { WatchedContainer } from '#lab/observing/containers/watched.ts'
import { HostBell, NoticeBell } from '#lab/observing/oom/bell.ts'
import { capturedLog } from '#support/captured-log.ts'
import { makeTree, removeTrees, write } from '#support/cgroup-tree.ts'
import { readingOf } from '#support/readings.ts'
import { until } from '#support/until.ts'
import { FakeCgroup, FakeTime, foundOf, idOf, momentAt } from '../../support/fakes.ts'

describe('on cgroup v1', () => {
  function setUp () {
    const time = new FakeTime()
    const host: { kills: number | null } = { kills: 7 }
    const rings: number[] = []
    const bell = new HostBell(() => host.kills, () => rings.push(time.nowMs()), capturedLog().log, time)
    return { time, host, rings, bell }
  }

  test('it rings within 50 ms of a kill anywhere on the host, and once', () => {
    const { time, host, rings, bell } = setUp()
    bell.start()
    time.advance(90)
    host.kills = 8
    time.advance(1000)
    expect(rings).toEqual([100])
  })

  test('it does not ring for kills before its first look, or while the count cannot be read', () => {
    const { time, host, rings, bell } = setUp()
    bell.start()
    for (const kills of [null, 9, 9]) {
      host.kills = kills
      time.advance(100)
    }
    expect(rings).toEqual([])
  })

  test('it looks no more once it was stopped', () => {
    const { time, host, rings, bell } = setUp()
    bell.start()
    bell.stop()
    host.kills = 8
    time.advance(1000)
    expect(rings).toEqual([])
  })
})

describe('on cgroup v2', () => {
  let bell: NoticeBell
  afterEach(() => {
    bell.stop()
    removeTrees()
  })

  function setUp () {
    const root = makeTree({})
    const { log, lines } = capturedLog()
    let rings = 0
    bell = new NoticeBell(root, () => { rings++ }, log)
    const add = (digits: string) => {
      const found = foundOf({ id: idOf(digits) })
      const cgroup = new FakeCgroup(readingOf({ inode: 1 }))
      const watched = new WatchedContainer(found, cgroup, momentAt(0))
      const kill = () => write(root, `${found.path}/memory.events`, `oom_kill ${Math.random()}\n`)
      const look = (inode: number | null) => {
        cgroup.now = inode === null ? null : readingOf({ inode })
        watched.look(momentAt(0), 'core')
      }
      kill()
      look(1)
      return { path: join(root, found.path), watched, kill, look }
    }
    const rung = () => until(() => rings > 0, { what: 'the bell to ring' }).then(() => { rings = 0 })
    return { add, rung, lines, rings: () => rings }
  }

  test('it rings when the file of any of them changes', async () => {
    const { add, rung } = setUp()
    const [one, two] = [add('a1'), add('b2')]
    bell.follow([one.watched, two.watched])
    for (const { kill } of [one, two, one]) {
      kill()
      await rung()
    }
  })

  test('it follows a container into its next life, whose file is another one', async () => {
    const { add, rung } = setUp()
    const { path, watched, kill, look } = add('a1')
    bell.follow([watched])
    rmSync(path, { recursive: true })
    await rung()
    look(null)
    bell.follow([watched])
    kill()
    look(2)
    bell.follow([watched])
    kill()
    await rung()
  })

  test('it leaves those that are gone or no longer watched', async () => {
    const { add, rung, rings } = setUp()
    const [one, two, three] = [add('a1'), add('b2'), add('c3')]
    bell.follow([one.watched, two.watched, three.watched])
    two.look(null)
    bell.follow([one.watched, two.watched])
    two.kill()
    three.kill()
    one.kill()
    await rung()
    one.kill()
    await rung()
    expect(rings()).toBeLessThan(3)
  })

  test('a container without the file costs nothing, and is no fault', () => {
    const { add, lines } = setUp()
    const { path, watched } = add('a1')
    rmSync(path, { recursive: true })
    bell.follow([watched])
    expect(lines).toEqual([])
  })
})
