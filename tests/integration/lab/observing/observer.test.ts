import { afterEach, expect, test } from '@jest/globals'
import { extentOfSample, Observer } from '#lab/observing/observer.ts'
import { capturedLog } from '#support/captured-log.ts'
import { makeTree, place, removeTrees } from '#support/cgroup-tree.ts'
import { idOf } from '../../../unit/lab/support/fakes.ts'
import { dnsOf, labOnTree } from '../support/lab-on-tree.ts'

afterEach(removeTrees)

const api = idOf('a1')
const watcher = (isWatching: boolean) => ({ isWatching: () => isWatching, onSample: () => {} })

test.each([
  ['there is no watcher', [], 'core'],
  ['none of the watchers is watching', [false, false], 'core'],
  ['one of the watchers is watching', [false, true], 'shown']
])('while %s a sample is of %j: %s', (_case, watching, extent) => {
  expect(extentOfSample(watching.map(watcher))).toBe(extent)
})

function lab (isWatched: boolean) {
  const root = makeTree({ 'cgroup.controllers': 'cpu memory pids' })
  place(root, `docker/${api}`, 'v2/half-a-cpu-throttled')
  return labOnTree(root, dnsOf(new Map([[api, 'lab-api-1']])), { isWatched })
}

test.each([[false, null], [true, expect.any(Number)]])('decision 7: with isWatched = %p a sample counts refused tasks as %p, and a view always counts them', async (isWatched, limitHits) => {
  const { tick, observer } = lab(isWatched)
  await tick(2)
  expect([...observer.containers][0]?.last?.pids).toMatchObject({ limitHits, current: expect.any(Number) })
  expect(observer.sample().containers[0]?.pids.limitHitsTotal).toEqual(expect.any(Number))
})

test('watchers are called after each sample, in the order in which they came, whether they watch or not', async () => {
  const { tick, observer } = lab(false)
  const called: string[] = []
  for (const name of ['first', 'second']) observer.add({ isWatching: () => false, onSample: () => called.push(`${name} ${observer.samplerView().containers}`) })
  await tick()
  expect(called).toEqual(['first 0', 'second 0', 'first 1', 'second 1'])
})

test('a stopped observer takes no more samples', async () => {
  const { tick, observer } = lab(false)
  await tick(2)
  const { seq } = observer.sample()
  observer.stop()
  await tick(4)
  expect([seq, observer.sample().seq]).toEqual([3, 3])
})

test('without a tree of cgroups nothing is measured, and experiments are not offered any', () => {
  const settings = {
    cgroupRoot: '/no/such/root',
    cgroup: '',
    services: ['api'],
    project: '',
    attached: null,
    hz: 4,
    keepSeconds: 60,
    maxContainers: 8
  }
  const { log } = capturedLog()
  const observer = new Observer(settings, { onFound: () => {}, onKills: () => {}, onRestart: () => {}, log })
  expect(observer).toMatchObject({
    cgroupVersion: null,
    isMeasuring: false,
    missing: ['cgroups'],
    versionOfContainers: 'v2',
    strangers: 0
  })
  expect(observer.sample().containers).toEqual([])
})
