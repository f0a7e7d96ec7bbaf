import { expect, test } from '@jest/globals'
import { Registry } from 'prom-client'
import { ContainerMetrics, type ContainerState } from '../../../services/shared/container-metrics.ts'
import { fullReading, readingOf } from './readings.ts'

const identity = { project: 'limits-lab', service: 'api', name: 'limits-lab-api-1', number: '1', image: 'limits-lab-api' }

function stateOf (given: Partial<ContainerState> = {}): ContainerState {
  return { identity, id: '/docker/abc', reading: fullReading(), effective: null, startedAtMs: null, ...given }
}

function setUp () {
  const registry = new Registry()
  const metrics = new ContainerMetrics(registry)
  const valuesOf = async (name: string) => (await registry.getSingleMetric(name)!.get()).values.map(({ labels, value }) => ({ labels, value }))
  const seriesNames = async () => [...new Set((await registry.metrics()).split('\n').filter(line => line && !line.startsWith('#')).map(line => line.split(/[{ ]/)[0]!))]
  return { registry, metrics, valuesOf, seriesNames }
}

const labels = {
  id: '/docker/abc',
  name: 'limits-lab-api-1',
  image: 'limits-lab-api',
  container: 'api',
  pod: 'limits-lab-api-1',
  namespace: 'limits-lab',
  container_label_com_docker_compose_project: 'limits-lab',
  container_label_com_docker_compose_service: 'api',
  container_label_com_docker_compose_container_number: '1'
}

test('a series has cAdvisor\'s and Kubernetes\' labels and no others', async () => {
  const { metrics, valuesOf } = setUp()
  metrics.update([stateOf()])
  expect(await valuesOf('container_memory_usage_bytes')).toEqual([{ labels, value: 101 }])
  expect(await valuesOf('container_cpu_usage_seconds_total')).toEqual([{ labels: { ...labels, cpu: 'total' }, value: 3.5 }])
})

test('a counter, updated several times, holds the kernel\'s absolute value', async () => {
  const { metrics, valuesOf } = setUp()
  for (const usageUs of [1_000_000, 2_000_000, 2_500_000]) metrics.update([stateOf({ reading: fullReading({ cpu: { usageUs } }) })])
  expect(await valuesOf('container_cpu_usage_seconds_total')).toEqual([expect.objectContaining({ value: 2.5 })])
})

test('two containers have a series each, and one that is gone has none', async () => {
  const { metrics, valuesOf } = setUp()
  const other = stateOf({ id: '/docker/def' })
  metrics.update([stateOf(), other])
  expect((await valuesOf('container_threads')).map(({ labels }) => labels.id)).toEqual(['/docker/abc', '/docker/def'])
  metrics.update([other])
  expect((await valuesOf('container_threads')).map(({ labels }) => labels.id)).toEqual(['/docker/def'])
})

test('a container of which the kernel tells nothing was seen, and that is all', async () => {
  const { metrics, seriesNames } = setUp()
  metrics.update([stateOf({ reading: readingOf() })])
  expect(await seriesNames()).toEqual(['container_last_seen'])
})

test('no containers leave no series', async () => {
  const { metrics, seriesNames } = setUp()
  metrics.update([stateOf()])
  metrics.update([])
  expect(await seriesNames()).toEqual([])
})

test('times are Unix times in seconds', async () => {
  const { metrics, valuesOf } = setUp()
  metrics.update([stateOf({ startedAtMs: 1_600_000_000_500 })])
  expect(await valuesOf('container_last_seen')).toEqual([{ labels, value: 1_700_000_000 }])
  expect(await valuesOf('container_start_time_seconds')).toEqual([{ labels, value: 1_600_000_000.5 }])
})

test('a device has its bytes and operations; what the kernel does not count is absent', async () => {
  const { metrics, valuesOf } = setUp()
  const io = [{ major: 259, minor: 3, readBytes: 10, writeBytes: 20, readOps: null, writeOps: 2, discardBytes: 0 }]
  metrics.update([stateOf({ reading: fullReading({ io }) })])
  expect(await valuesOf('container_fs_reads_bytes_total')).toEqual([{ labels: { ...labels, device: '259:3' }, value: 10 }])
  expect(await valuesOf('container_fs_reads_total')).toEqual([])
  expect(await valuesOf('container_fs_writes_total')).toEqual([{ labels: { ...labels, device: '259:3' }, value: 2 }])
  const device = { ...labels, device: '259:3', major: '259', minor: '3' }
  expect(await valuesOf('container_blkio_device_usage_total')).toEqual([
    { labels: { ...device, operation: 'Read' }, value: 10 },
    { labels: { ...device, operation: 'Write' }, value: 20 }
  ])
})

test('an effective limit says who set it', async () => {
  const { metrics, valuesOf } = setUp()
  const effective = { cpuCores: { cores: 0.5, from: 'own' }, memory: { bytes: 1024, from: 'ancestor' }, swap: null, pids: null } as const
  metrics.update([stateOf({ effective })])
  expect(await valuesOf('limits_lab_cpu_effective_limit_cores')).toEqual([{ labels: { ...labels, from: 'own' }, value: 0.5 }])
  expect(await valuesOf('limits_lab_memory_effective_limit_bytes')).toEqual([{ labels: { ...labels, from: 'ancestor' }, value: 1024 }])
  expect(await valuesOf('limits_lab_pids_effective_limit')).toEqual([])
})

test('names of a container that hold quotes and line breaks are escaped in the text', async () => {
  const { metrics, registry } = setUp()
  metrics.update([stateOf({ identity: { ...identity, image: 'a"b\\c\nd' } })])
  expect(await registry.metrics()).toContain('image="a\\"b\\\\c\\nd"')
})
