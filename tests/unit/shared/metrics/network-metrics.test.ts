import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { afterEach, expect, test } from '@jest/globals'
import { Registry } from 'prom-client'
import { NetworkMetrics, ownNetwork, parseNetDev } from '#shared/metrics/network-metrics.ts'
import { makeTree, removeTrees } from '#support/cgroup-tree.ts'

afterEach(removeTrees)

const header = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`
const eth0 = '  eth0:   12345      67    1    2    0     0          0         0     8910      11    3    4    0     0       0          0\n'
const eth0Values = [12345, 67, 1, 2, 0, 0, 0, 0, 8910, 11, 3, 4, 0, 0, 0, 0]

test.each([
  ['of one interface', eth0, [{ name: 'eth0', values: eth0Values }]],
  ['with loopback', `    lo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n${eth0}`, [{ name: 'eth0', values: eth0Values }]],
  ['whose numbers touch the colon', 'eth0:1 2 3 4 5 6 7 8 9 10 11 12\n', [{ name: 'eth0', values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] }]],
  ['with a line cut short', ' eth0: 1 2 3\n', []],
  ['with a word among the numbers', ' eth0: 1 2 3 x 5 6 7 8 9 10 11 12\n', []],
  ['of no interface', '', []]
])('/proc/net/dev %s is read', (_case, lines, expected) => {
  expect(parseNetDev(header + lines)).toEqual(expected)
})

test('/proc/net/dev that is empty has no interfaces', () => {
  expect(parseNetDev('')).toEqual([])
})

test('network counters, updated twice, hold the kernel\'s absolute values under cAdvisor\'s names', async () => {
  const registry = new Registry()
  const metrics = new NetworkMetrics(registry)
  const labels = { container: 'api', name: 'limits-lab-api-1', namespace: 'limits-lab' }
  for (const received of [1, 12345]) {
    metrics.update(labels, [{ name: 'eth0', values: [received, ...eth0Values.slice(1)] }])
  }
  const text = await registry.metrics()
  const of = (name: string) => text.split('\n').filter(line => line.startsWith(name))
  expect(of('container_network_receive_bytes_total')).toEqual([
    'container_network_receive_bytes_total{container="api",name="limits-lab-api-1",namespace="limits-lab",interface="eth0"} 12345'
  ])
  expect(of('container_network_transmit_packets_dropped_total')[0]).toMatch(/ 4$/)
  expect(of('container_network_').length).toBe(8)
})

test.each([
  ['in a namespace of its own has series', false, { somaxconn: '4096\n' }, true],
  ['in the first namespace, the host\'s, has none', false, { somaxconn: '4096\n', netdev_max_backlog: '1000\n' }, false],
  ['that was given none has none', true, { somaxconn: '4096\n' }, false],
  ['without /proc/sys has series: nothing says that it is the host\'s', false, {}, true]
])('a service %s', async (_case, hasNone, sysctl, hasSeries) => {
  const registry = new Registry()
  expect(ownNetwork(hasNone, registry, makeTree(sysctl)) !== null).toBe(hasSeries)
  expect((await registry.metrics()).includes('container_network_')).toBe(hasSeries)
})

const canUnshare =
  spawnSync('unshare', ['--net', 'true']).status === 0 && existsSync('/proc/sys/net/core/netdev_max_backlog')
const withKernel = canUnshare ? test : test.skip

withKernel('this kernel shows the settings of all networks together in the first namespace only (skipped where no other can be made)', () => {
  expect(spawnSync('unshare', ['--net', 'test', '-e', '/proc/sys/net/core/somaxconn']).status).toBe(0)
  expect(spawnSync('unshare', ['--net', 'test', '-e', '/proc/sys/net/core/netdev_max_backlog']).status).toBe(1)
})
