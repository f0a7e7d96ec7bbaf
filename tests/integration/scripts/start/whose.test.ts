import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { hierarchyOf } from '#cgroup/containers.ts'
import { CgroupTree } from '#scripts/start/cgroup-tree.ts'
import { openTree } from '#scripts/start/open-tree.ts'
import { identityOf } from '#scripts/start/process-identity.ts'
import { until } from '#support/until.ts'
import { Starter, START_MS } from './support/starter.ts'

const PROJECT = `limits-lab-whose-${process.pid}`
const root = '/sys/fs/cgroup'

const opened = openTree(PROJECT)
/** If no cgroup may be written to there is nothing that could be mistaken for ours. */
const withCgroups = opened instanceof CgroupTree ? test : test.skip
const asRoot = process.getuid?.() === 0 ? test : test.skip
const placeOf = (name: string): string => join(hierarchyOf(root), (opened as CgroupTree).path, '..', name)

const starters: Starter[] = []
const toPutAway: Array<() => Promise<unknown> | unknown> = []

async function begin (options: Partial<Parameters<typeof Starter.begin>[0]> = {}): Promise<Starter> {
  const starter = await Starter.begin({ project: PROJECT, ...options })
  starters.unshift(starter)
  return starter
}

beforeAll(async () => { await promisify(execFile)(process.execPath, ['scripts/build.js', 'start']) }, START_MS)
afterEach(async () => {
  for (const starter of starters.splice(0)) await starter.putAway()
  for (const putAway of toPutAway.splice(0)) await putAway()
}, START_MS)

/**
 * Starts a process of another program, in a cgroup that is named like the stack's. Throws if there is one of that name
 * already, because it belongs to a real program.
 */
async function guestIn (directory: string): Promise<ChildProcess> {
  mkdirSync(directory)
  const guest = spawn('sleep', ['600'], { detached: true })
  writeFileSync(join(directory, 'cgroup.procs'), String(guest.pid))
  toPutAway.push(async () => {
    guest.kill('SIGKILL')
    await until(() => { rmdirSync(directory); return true }, { what: 'the guest\'s cgroup to go' })
  })
  return guest
}

/** Every process of a stack, by number and start time, as the starter recorded them. */
function servicesOf ({ directory }: Starter): unknown {
  return (JSON.parse(readFileSync(join(directory, 'data/started.json'), 'utf8')) as { services: unknown }).services
}

describe('npm start beside others', () => {
  withCgroups('case 01: a second checkout of the same name leaves every process of the first running, and runs beside it', async () => {
    const first = await (await begin()).untilUp()
    const before = servicesOf(first)
    const second = await (await begin()).untilUp()
    expect(second.output).toContain(`The cgroups of this stack are in ${(opened as CgroupTree).path}-2`)
    expect(await second.end()).toBe(0)
    expect(servicesOf(first)).toEqual(before)
    expect(first.output).not.toMatch(/starting it again|not properly shut down/)
    expect(await first.api('/jobs')).toMatchObject({ jobs: [] })
  }, 3 * START_MS)

  withCgroups('case 01: when the first start is killed, its cleanup ends its own processes and none of the second', async () => {
    const first = await (await begin()).untilUp()
    const second = await (await begin()).untilUp()
    const before = servicesOf(second)
    await first.end('SIGKILL')
    await until(() => !existsSync(placeOf(PROJECT)), { what: 'the first stack to go', timeoutMs: 20_000 })
    expect(servicesOf(second)).toEqual(before)
    expect(second.output).not.toContain('starting it again')
  }, 3 * START_MS)

  withCgroups('case 02: with an empty project name, another program\'s process under that name and one at the top stay as they are', async () => {
    const guests = [await guestIn(placeOf('limits-lab')), await guestIn(placeOf(`guests-${process.pid}`))]
    const before = guests.map(({ pid }) => identityOf(pid!))
    const starter = await (await begin({ project: '' })).untilUp()
    expect(starter.output).toContain('limits-lab-2\n')
    expect(await starter.end()).toBe(0)
    expect(guests.map(({ pid }) => identityOf(pid!))).toEqual(before)
    expect(readFileSync(join(placeOf('limits-lab'), 'cgroup.procs'), 'utf8')).toContain(String(guests[0]!.pid))
  }, 2 * START_MS)

  withCgroups('a cgroup that somebody makes below the stack\'s own stays when the stack goes', async () => {
    const starter = await (await begin()).untilUp()
    const guest = await guestIn(join(placeOf(PROJECT), 'f'.repeat(64)))
    toPutAway.push(() => rmdirSync(placeOf(PROJECT)))
    expect(await starter.end()).toBe(0)
    expect(starter.output).toContain(`${placeOf(PROJECT)} stays, because it holds a cgroup that this stack did not make`)
    expect([guest.exitCode, guest.signalCode]).toEqual([null, null])
  }, 2 * START_MS)
})

describe('npm start that cannot start', () => {
  test.each(['..', 'a/b', 'Limits'])('case 02: the project name %s is refused before anything is made', async project => {
    const starter = await begin({ project })
    expect(await starter.ended()).toBe(2)
    expect(starter.output).toMatch(/^npm start: COMPOSE_PROJECT_NAME must consist of .*\n$/)
    expect(existsSync(join(starter.directory, 'data'))).toBe(false)
  }, START_MS)

  test('case 07: when another program answers on the API\'s port, it ends at once and names the setting that changes the port', async () => {
    const other = createServer((_req, res) => res.end('ok\n')).listen(0, '127.0.0.1')
    await once(other, 'listening')
    toPutAway.push(() => other.close())
    const { port } = other.address() as AddressInfo
    const starter = await begin({ env: { API_PORT: String(port) } })
    expect(await starter.ended()).toBe(2)
    expect(starter.output).toContain(`npm start: port ${port} of 127.0.0.1 is taken: another program listens on it. Set API_PORT to another port.`)
    expect(starter.output).not.toContain('http://')
    expect(existsSync(join(starter.directory, 'data/started.json'))).toBe(false)
  }, START_MS)

  test.each([
    ['WORKER_CPUS', '0.001', 'at least 0.01 (1 ms of every 100 ms)'],
    ['WORKER_PIDS', '99999999', 'at most 4194304 tasks'],
    ['API_PORT', '3000-3010', 'a whole number from 1 to 65535']
  ])('case 16: with %s=%s it ends with one line that says what is allowed', async (setting, value, allowed) => {
    const starter = await begin({ env: { [setting]: value } })
    expect(await starter.ended()).toBe(2)
    expect(starter.output).toMatch(new RegExp(`^npm start: ${setting} must be .*\n$`))
    expect(starter.output).toContain(allowed)
  }, START_MS)

  test('a service that ends before it is ready ends the start, with its last output', async () => {
    const starter = await begin({ env: { LAB_HZ: '1000' } })
    expect(await starter.ended()).toBe(2)
    expect(starter.output).toContain('npm start: lab ended before it was ready (exit code 1). Its last output:')
    expect(starter.output).toContain('LAB_HZ must be a whole number from 1 to 20')
  }, START_MS)

  test(
    'of two starts on the same data at the same moment one runs, and the other names it',
    async () => {
      const one = await begin()
      const other = await begin({ directory: one.directory })
      await until(() => one.child.exitCode !== null || other.child.exitCode !== null, {
        what: 'one of them to be refused',
        timeoutMs: START_MS
      })
      const [refused, running] = one.child.exitCode === null ? [other, one] : [one, other]
      expect(refused.output).toMatch(
        /^npm start: The stack is already running with the data in .*\. Set DATA_DIR to another directory\.\n$/
      )
      await running.untilUp()
    },
    2 * START_MS
  )

  test('a second start on the data of one that runs names its process', async () => {
    const one = await (await begin()).untilUp()
    const other = await begin({ directory: one.directory })
    expect(await other.ended()).toBe(2)
    expect(other.output).toContain(`(process ${one.child.pid})`)
  }, 2 * START_MS)
})

describe('npm start under restrictions', () => {
  test.each([0o027, 0o077])('case 04: under umask %o every service can read what it has to', async umask => {
    const starter = await (await begin({ umask })).untilUp()
    expect(await starter.api('/readyz')).toMatchObject({ status: 'ok' })
  }, 2 * START_MS)

  asRoot(
    'case 14: without /sys/fs/cgroup it says that it runs without limits, and then it does run',
    async () => {
      const without = [
        'unshare',
        '--mount',
        'sh',
        '-c',
        'mount --make-rprivate / && mount -t tmpfs none /sys/fs && exec "$@"',
        'within'
      ]
      const starter = await (await begin({ within: without })).untilUp()
      expect(starter.output).toContain(
        'Running without limits, because this system has no cgroups: there is no /sys/fs/cgroup.'
      )
      expect(starter.output).not.toContain('starting it again')
      const metrics = await (await fetch(`http://127.0.0.1:${starter.ports.api}/metrics`)).text()
      expect(metrics).not.toMatch(/^container_(?!scrape_error)/m)
      const headers = { 'Content-Type': 'application/json' }
      const body = '{"kind":"cpu","params":{"ms":20}}'
      const { id } = await starter.api<{ id: string }>('/jobs', { method: 'POST', headers, body })
      await until(async () => (await starter.api<{ status: string }>(`/jobs/${id}`)).status === 'succeeded', {
        what: 'the job',
        timeoutMs: 30_000
      })
    },
    2 * START_MS
  )
})
