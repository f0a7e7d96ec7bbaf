import { afterEach, describe, expect, test } from '@jest/globals'
import { UnexplainedKills, Witnesses } from '#lab/observing/oom/witness.ts'
import { makeTree, removeTrees, write } from '#support/cgroup-tree.ts'

afterEach(removeTrees)

describe('a witness on cgroup v2', () => {
  const mounted = (options: string) => makeTree({ 'self/mountinfo': `30 22 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 ${options}\n` })
  const events = { 'docker/memory.events': 'oom 2\noom_kill 3\n' }
  const since52 = { ...events, 'docker/memory.events.local': 'oom 0\noom_kill 0\n' }

  test.each<[string, Record<string, string>, string, number | null]>([
    ['counts what those below it counted, since Linux 5.2', since52, 'rw,nsdelegate,memory_recursiveprot', 3],
    ['is none before Linux 5.2, where it counts itself alone', events, 'rw,nsdelegate', null],
    ['is none where the hierarchy is mounted so that each counts itself alone', since52, 'rw,nsdelegate,memory_localevents,memory_recursiveprot', null],
    ['is none at the root, which has no such file', {}, 'rw', null]
  ])('%s', (_case, files, options, kills) => {
    expect(new Witnesses(makeTree(files), 'v2', mounted(options)).of('/docker/a').kills()).toBe(kills)
  })

  test('whose files appear later counts once they are there', () => {
    const root = makeTree({})
    const witness = new Witnesses(root, 'v2', mounted('rw')).of('/docker/a')
    expect(witness.kills()).toBeNull()
    for (const [path, text] of Object.entries(since52)) write(root, path, text)
    expect(witness.kills()).toBe(3)
  })
})

describe('unexplained kills', () => {
  test('are none after the first look, whatever was counted before', () => {
    const kills = new UnexplainedKills()
    kills.update(12, 0, 0)
    expect(kills.count).toBe(0)
  })

  test('are what the witness counted and no container did', () => {
    const kills = new UnexplainedKills()
    kills.update(12, 0, 0)
    kills.update(14, 1, 250)
    expect(kills.count).toBe(1)
  })

  test.each([
    ['the witness first', [[13, 0], [13, 1]]], ['the container first', [[12, 1], [13, 0]]]
  ] as const)('are none where both counted, %s', (_case, [first, second]) => {
    const kills = new UnexplainedKills()
    kills.update(12, 0, 0)
    kills.update(first[0], first[1], 250)
    kills.update(second[0], second[1], 500)
    expect(kills.count).toBe(0)
  })

  test('wait a second for a container that ends', () => {
    const kills = new UnexplainedKills()
    kills.update(12, 0, 0)
    kills.update(13, 0, 250)
    kills.update(13, 0, 1000)
    expect(kills.count).toBe(1)
    kills.update(13, 0, 1500)
    expect(kills.count).toBe(0)
  })

  test('are taken once', () => {
    const kills = new UnexplainedKills()
    kills.update(12, 0, 0)
    kills.update(13, 0, 250)
    kills.take(1)
    expect(kills.count).toBe(0)
  })

  test('are not known while the witness cannot be asked, and start anew after', () => {
    const kills = new UnexplainedKills()
    kills.update(12, 0, 0)
    kills.update(null, 0, 250)
    expect(kills.count).toBeNull()
    kills.update(15, 0, 500)
    expect(kills.count).toBe(0)
  })
})
