import { describe, expect, test } from '@jest/globals'
import { countReadings as readingsOfCadvisor } from '#scripts/bench/monitors/cadvisor.ts'
import { checkReadings } from '#scripts/bench/monitors/monitor.ts'
import { countReadings as readingsOfNetdata, memoryCharts, settings } from '#scripts/bench/monitors/netdata.ts'

const A = 'a'.repeat(64)
const B = 'b'.repeat(64)

describe('checkReadings', () => {
  test('a monitor that read all containers often enough passes, whatever else it read', () => {
    const readings = new Map([[`/docker/${A}`, 20], [`cgroup_docker_${B}.mem_usage`, 7], ['/docker/buildkit', 0]])
    expect(() => checkReadings(readings, [A, B], 7)).not.toThrow()
  })

  test('a monitor that does not know one of the containers is refused', () => {
    expect(() => checkReadings(new Map([[`/docker/${A}`, 20]]), [A, B], 1))
      .toThrow('it read the container bbbbbbbbbbbb 0 times, not 1')
  })

  test('a monitor that read one of the containers too rarely is refused', () => {
    expect(() => checkReadings(new Map([[`/docker/${A}`, 6]]), [A], 7))
      .toThrow('it read the container aaaaaaaaaaaa 6 times, not 7')
  })
})

describe('netdata', () => {
  test('of the charts, those of the memory of a cgroup count', () => {
    const charts = {
      [`cgroup_docker_${A}.mem_usage`]: { context: 'cgroup.mem_usage' },
      [`cgroup_docker_${A}.cpu_limit`]: { context: 'cgroup.cpu_limit' },
      'system.load': { context: 'system.load' }
    }
    expect(memoryCharts(charts)).toEqual([`cgroup_docker_${A}.mem_usage`])
  })

  test('a second without a value is no reading, and a value of zero is one', () => {
    const time = { fromMs: 1_000_000, toMs: 1_004_000 }
    expect(readingsOfNetdata({ data: [[1003, 4, 0], [1002, null, null], [1001, 0, null]] }, time)).toBe(2)
    expect(readingsOfNetdata({ data: [] }, time)).toBe(0)
  })

  test('a reading before the time or at its end does not count, although netdata sent it', () => {
    const data: [number, number][] = [[1003, 4], [1002, 4], [1001, 4], [1000, 4]]
    expect(readingsOfNetdata({ data }, { fromMs: 1_000_500, toMs: 1_003_000 })).toBe(2)
  })

  test('the settings switch on cgroups alone, and listen on this machine alone', () => {
    const lines = settings({ port: 1234, directory: '/tmp/x', user: 'me' }, false).split('\n').map(line => line.trim())
    expect(lines).toEqual(expect.arrayContaining([
      '[plugins]', 'cgroups = yes', 'proc = no', 'go.d = no',
      '[web]', 'bind to = 127.0.0.1:1234',
      '[plugin:cgroups]', 'update every = 1', 'use unified cgroups = no'
    ]))
    expect(settings({ port: 1234, directory: '/tmp/x', user: 'me' }, true)).toContain('use unified cgroups = yes')
  })
})

describe('cAdvisor', () => {
  const stats = ['09.999Z', '10.313292062Z', '19.9Z', '20Z']
    .map(seconds => ({ timestamp: `2026-01-01T00:00:${seconds}` }))
  const time = { fromMs: Date.parse('2026-01-01T00:00:10Z'), toMs: Date.parse('2026-01-01T00:00:20Z') }

  test('readings count from the start of the time and before its end', () => {
    expect(readingsOfCadvisor({ [`/docker/${A}`]: { stats } }, time)).toEqual(new Map([[`/docker/${A}`, 2]]))
  })

  test('a container without readings has none', () => {
    expect(readingsOfCadvisor({ [`/docker/${A}`]: {} }, time)).toEqual(new Map([[`/docker/${A}`, 0]]))
  })
})
