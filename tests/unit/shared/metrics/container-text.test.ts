import { expect, test } from '@jest/globals'
import { containerText, type ScrapedContainer } from '#shared/metrics/container-text.ts'
import { fullReading, readingOf } from '#support/readings.ts'

const identity = {
  project: 'limits-lab',
  service: 'api',
  name: 'limits-lab-api-1',
  number: '1',
  image: 'limits-lab-api'
}

function stateOf (given: Partial<ScrapedContainer> = {}): ScrapedContainer {
  return { identity, id: '/docker/abc', reading: fullReading(), effective: null, startedAtMs: null, ...given }
}

/** The samples of one metric, with their labels, as a scraper reads them. */
function valuesOf (name: string, containers: ScrapedContainer[]) {
  return [...containerText(containers).matchAll(new RegExp(`^${name}\\{(.*)\\} (.*)$`, 'gm'))].map(
    ([, labels, value]) => ({
      labels: Object.fromEntries(
        [...labels!.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key, text])
      ),
      value: Number(value)
    })
  )
}

function seriesNames (containers: ScrapedContainer[]): string[] {
  return [...new Set(containerText(containers).split('\n').filter(line => line && !line.startsWith('#')).map(line => line.split(/[{ ]/)[0]!))]
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

test('a series has cAdvisor\'s and Kubernetes\' labels and no others', () => {
  expect(valuesOf('container_memory_usage_bytes', [stateOf()])).toEqual([{ labels, value: 101 }])
  expect(valuesOf('container_cpu_usage_seconds_total', [stateOf()])).toEqual([{ labels: { ...labels, cpu: 'total' }, value: 3.5 }])
})

test('each metric is described once, before all of its series', () => {
  const lines = containerText([stateOf(), stateOf({ id: '/docker/def' })]).trim().split('\n')
  const described = lines.filter(line => line.startsWith('# TYPE')).map(line => line.split(' ')[2])
  expect(new Set(described).size).toBe(described.length)
  const order = lines.map(line => line.startsWith('#') ? line.split(' ')[2] : line.split('{')[0])
  expect(order.filter((name, i) => name !== order[i - 1])).toEqual(described)
})

test("counters are named as counters, and nothing else is: cAdvisor's failcnt, which is one, has no type", () => {
  const effective = {
    cpuCores: { cores: 1, from: 'own' },
    memory: { bytes: 1, from: 'own' },
    swap: null,
    pids: { max: 1, from: 'own' }
  } as const
  const text = containerText([stateOf({ startedAtMs: 1, effective })])
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => ({ name, type }))
  expect(types.filter(({ name, type }) => (type === 'counter') !== name!.endsWith('_total'))).toEqual([])
  expect(types.filter(({ type }) => type === 'untyped')).toEqual([
    { name: 'container_memory_failcnt', type: 'untyped' }
  ])
})

test('two containers have a series each', () => {
  const ids = valuesOf('container_threads', [stateOf(), stateOf({ id: '/docker/def' })]).map(({ labels }) => labels.id)
  expect(ids).toEqual(['/docker/abc', '/docker/def'])
})

test('a container of which the kernel says nothing was seen, and that is all', () => {
  expect(seriesNames([stateOf({ reading: readingOf() })])).toEqual(['container_last_seen'])
})

test('no containers leave no series', () => {
  expect(containerText([])).toBe('')
})

test('times are Unix times in seconds', () => {
  const state = stateOf({ startedAtMs: 1_600_000_000_500 })
  expect(valuesOf('container_last_seen', [state])).toEqual([{ labels, value: 1_700_000_000 }])
  expect(valuesOf('container_start_time_seconds', [state])).toEqual([{ labels, value: 1_600_000_000.5 }])
})

test('a device has its bytes and operations; what the kernel does not count is absent', () => {
  const io = { major: 259, minor: 3, readBytes: 10, writeBytes: 20, readOps: null, writeOps: 2, discardBytes: 0 }
  const state = stateOf({ reading: fullReading({ io: [io] }) })
  const device = { ...labels, device: '259:3' }
  expect(valuesOf('container_fs_reads_bytes_total', [state])).toEqual([{ labels: device, value: 10 }])
  expect(valuesOf('container_fs_reads_total', [state])).toEqual([])
  expect(valuesOf('container_fs_writes_total', [state])).toEqual([{ labels: device, value: 2 }])
  const numbers = { ...device, major: '259', minor: '3' }
  expect(valuesOf('container_blkio_device_usage_total', [state])).toEqual([
    { labels: { ...numbers, operation: 'Read' }, value: 10 },
    { labels: { ...numbers, operation: 'Write' }, value: 20 },
    { labels: { ...numbers, operation: 'Discard' }, value: 0 }
  ])
})

test('an effective limit says where it was set', () => {
  const state = stateOf({
    effective: {
      cpuCores: { cores: 0.5, from: 'own' },
      memory: { bytes: 1024, from: 'ancestor' },
      swap: null,
      pids: null
    }
  })
  expect(valuesOf('limits_lab_cpu_effective_limit_cores', [state])).toEqual([
    { labels: { ...labels, from: 'own' }, value: 0.5 }
  ])
  expect(valuesOf('limits_lab_memory_effective_limit_bytes', [state])).toEqual([
    { labels: { ...labels, from: 'ancestor' }, value: 1024 }
  ])
  expect(valuesOf('limits_lab_pids_effective_limit', [state])).toEqual([])
})

test('names of a container that hold quotes and line breaks are escaped', () => {
  expect(containerText([stateOf({ identity: { ...identity, image: 'a"b\\c\nd' } })])).toContain(
    'image="a\\"b\\\\c\\nd"'
  )
})
