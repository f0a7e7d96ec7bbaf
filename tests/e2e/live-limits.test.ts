// The broker of compose.limits.yaml beside the stack: what it may do, and that what it did is undone whatever dies.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { until } from '#support/until.ts'
import { cgroupFiles } from './support/cgroup-files.ts'
import { docker, inspectContainer } from './support/docker.ts'
import { onEngineHost } from './support/engine-host.ts'
import { hostileToBroker } from './support/hostile-to-broker.ts'
import { limits, MIB } from './support/limits.ts'
import { compose, containerName, handOver, inspect, stack, untilHealthy, type Stack } from './support/stack.ts'

/** Of a lease and what comes after it, with everything on two busy cores. */
const BACK_MS = 30_000

let plain: Stack

beforeAll(async () => {
  plain = stack()
  handOver({ ...plain, files: ['compose.yaml', 'compose.limits.yaml'] })
  await compose('up', '--build', '--wait')
}, 300_000)

afterEach(async () => {
  await compose('up', '--wait')
  await lab('limit', 'api', '--put-back')
}, 180_000)

afterAll(async () => {
  const { project } = plain
  await compose('rm', '--stop', '--force', 'limits')
  handOver(plain)
  await compose('up', '--wait')
  await docker(['volume', 'rm', `${project}_limits-socket`, `${project}_limits-kept`])
  await docker(['image', 'rm', `limits-lab-limits:${plain.tag}`])
  await untilHealthy()
}, 300_000)

function lab (...args: string[]): Promise<string> {
  return compose('exec', '-T', 'lab', 'lab', ...args)
}

const refused = (...args: string[]): Promise<string> =>
  lab('limit', ...args).then(() => { throw new Error('it was not refused') }, (err: { stderr: string }) => err.stderr)

/** What the engine and the kernel say about the limits of the API; they have to agree. */
async function apiLimits (): Promise<{ memoryBytes: number, cpuCores: number, pids: number }> {
  const { HostConfig: { Memory, MemorySwap, NanoCpus, PidsLimit } } = await inspect('api')
  const kernel = await cgroupFiles('api')
  expect([kernel.memoryLimitBytes, kernel.swapLimitBytes, kernel.cpuCores, kernel.pidsLimit])
    .toEqual([Memory, MemorySwap - Memory, NanoCpus / 1e9, PidsLimit])
  return { memoryBytes: Memory, cpuCores: NanoCpus / 1e9, pids: PidsLimit }
}

async function untilBack (): Promise<void> {
  const isBack = async (): Promise<boolean> => (await cgroupFiles('api')).cpuCores === limits.api.cpuCores
  await until(isBack, { what: 'the limits to be put back', timeoutMs: BACK_MS })
  expect(await apiLimits()).toEqual(limits.api)
}

/** Of a service that has just been started again it is refused, because it would disturb. */
async function startSweep (): Promise<string> {
  const body = JSON.stringify({ path: '/work/cpu?ms=1', ratePerSecond: 5, goal: { p99Ms: 10_000 } })
  const headers = { 'Content-Type': 'application/json' }
  const started = await until(async () => {
    const answer = await fetch(sweepsUrl(), { method: 'POST', headers, body })
    return answer.status === 202 && await answer.json() as { id: string }
  }, { what: 'a sweep that is accepted', timeoutMs: 90_000 })
  return (started as { id: string }).id
}

async function cancelSweep (id: string): Promise<void> {
  expect((await fetch(`${sweepsUrl()}/${id}`, { method: 'DELETE' })).status).toBe(202)
}

function sweepsUrl (): string { return `http://127.0.0.1:${plain.labPort}/api/sweeps` }

async function killed (service: string): Promise<void> {
  const { State } = await inspectContainer(containerName(service))
  await onEngineHost('kill -9 "$1"', String(State.Pid))
}

test('limits are changed while the container runs, and put back', async () => {
  const { State: { StartedAt } } = await inspect('api')
  expect(await lab('limit', 'api', '--cpus', '0.2', '--memory', '200M', '--pids', '100')).toMatch(/0\.5 → 0\.2/)
  expect(await apiLimits()).toEqual({ memoryBytes: 200 * MIB, cpuCores: 0.2, pids: 100 })
  expect(await lab('limit', 'api', '--put-back')).toBe('All limits are those of compose.yaml.\n')
  expect(await apiLimits()).toEqual(limits.api)
  expect((await inspect('api')).State.StartedAt).toBe(StartedAt)
}, 60_000)

test('a change for a time ends by itself', async () => {
  await lab('limit', 'api', '--cpus', '0.2', '--for', '2s')
  await untilBack()
}, 60_000)

test.each([
  ['below what is in use', ['api', '--memory', '16M'], /are in use that the kernel cannot take back/],
  ['more than the machine has', ['api', '--cpus', '9999'], /expected a number of CPUs from 0\.01 to \d+/],
  ['a service that is not there', ['nginx', '--cpus', '1'], /there are api, lab, limits, postgres, redis/],
  ['the broker itself', ['limits', '--cpus', '0.01'], /its own stay as they are/]
])('%s is refused, and nothing is changed', async (_what, args, words) => {
  expect(await refused(...args)).toMatch(words)
  expect(await apiLimits()).toEqual(limits.api)
}, 60_000)

describe('limits are as compose.yaml says again', () => {
  test.each([
    ['the lab was killed', async () => { await killed('lab') }],
    ['lab and broker were killed', async () => { await killed('limits'); await killed('lab') }],
    ['the API and the lab were killed', async () => { await killed('api'); await killed('lab') }],
    ['the whole stack was restarted', async () => { await compose('restart') }],
    ['the broker was stopped', async () => { await compose('stop', 'limits') }]
  ])('after %s', async (_what, act) => {
    await lab('limit', 'api', '--cpus', '0.2')
    expect((await apiLimits()).cpuCores).toBe(0.2)
    await act()
    await untilBack()
  }, 150_000)

  test('also when the broker was killed, and its next life is asked to put them back', async () => {
    await lab('limit', 'api', '--cpus', '0.2')
    await killed('limits')
    const isBack = (): Promise<boolean> => lab('limit', 'api', '--put-back').then(() => true, () => false)
    await until(isBack, { what: 'the broker to answer again', timeoutMs: BACK_MS })
    expect(await apiLimits()).toEqual(limits.api)
  }, 90_000)
})

describe('in the middle of a sweep limits are as compose.yaml says again', () => {
  test.each([
    ['when it is cancelled', cancelSweep],
    ['when the lab is killed', async () => { await killed('lab') }],
    ['when the whole stack is restarted', async () => { await compose('restart') }]
  ])('%s', async (_what, act) => {
    const id = await startSweep()
    const isChanged = async (): Promise<boolean> => (await cgroupFiles('api')).cpuCores !== limits.api.cpuCores
    await until(isChanged, { what: 'a trial with other limits', timeoutMs: 60_000 })
    await act(id)
    await untilBack()
  }, 240_000)
})

test('two thousand hostile requests to the socket change nothing, start nothing, and none is answered with a 5xx', async () => {
  const containers = (): Promise<string> => docker(['ps', '--all', '--quiet', '--no-trunc'])
  const before = await containers()
  const program = hostileToBroker(2000)
  const printed = await compose('exec', '-T', 'lab', 'node', '--input-type=module', '--eval', program)
  const statuses = JSON.parse(printed) as Record<string, number>
  expect(Object.values(statuses).reduce((sum, count) => sum + count, 0)).toBe(2000)
  expect(Object.keys(statuses).filter(status => !/^(4\d\d|closed)$/.test(status))).toEqual([])
  expect(await apiLimits()).toEqual(limits.api)
  expect(await containers()).toBe(before)
  expect(await lab('limit')).toBe('All limits are those of compose.yaml.\n')
}, 120_000)

test('the broker has no network, no capability, and no port', async () => {
  const { State, HostConfig, NetworkSettings } = await inspectContainer(containerName('limits'))
  const devices = await onEngineHost('tail -n +3 "/proc/$1/net/dev" | cut -d: -f1', String(State.Pid))
  expect(devices.trim()).toBe('lo')
  expect(HostConfig).toMatchObject({ CapDrop: ['ALL'], Privileged: false, ReadonlyRootfs: true, PortBindings: {} })
  expect(Object.keys(NetworkSettings.Networks)).toEqual(['none'])
}, 30_000)

test('the page of another site cannot move a limit', async () => {
  const answer = await fetch(`http://127.0.0.1:${plain.labPort}/api/limits`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: 'https://example.org' },
    body: JSON.stringify({ service: 'api', cpus: 0.2 })
  })
  expect([answer.status, (await answer.json() as { code: string }).code]).toEqual([403, 'foreign_origin'])
  expect(await apiLimits()).toEqual(limits.api)
})
