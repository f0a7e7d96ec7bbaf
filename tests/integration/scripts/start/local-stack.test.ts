import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { cgroupAt } from '#cgroup/locate.ts'
import { freePort } from '#scripts/local-stores/free-port.ts'
import { CgroupTree } from '#scripts/start/cgroup-tree.ts'
import { readComposeFile } from '#scripts/start/compose-file.ts'
import { openTree } from '#scripts/start/open-tree.ts'
import { until } from '#support/until.ts'
import { newDirectory, Starter, START_MS } from './support/starter.ts'

const PROJECT = `limits-lab-test-${process.pid}`
const services = ['api', 'worker', 'postgres', 'redis', 'lab']

const opened = openTree(PROJECT)
const tree = opened instanceof CgroupTree ? opened : null
/** If no cgroup may be written to there are no limits to test, so these tests are skipped. */
const withLimits = tree === null ? test.skip : test

let starter: Starter
let directory: string
let ports: Starter['ports']

async function start (): Promise<void> {
  starter = await (await Starter.begin({ project: PROJECT, directory, ports })).untilUp()
}

/** Processes whose command or environment names this test's data directory. */
function ownProcesses (): string[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name) && Number(name) !== process.pid).filter(pid => {
    try {
      return ['cmdline', 'environ'].some(file => readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(`${directory}/`))
    } catch {
      return false
    }
  })
}

const api = async <T> (path: string, init?: RequestInit): Promise<T> => starter.api(path, init)

interface Job { id: string, status: string, error: { code: string } | null }

async function endedJob (kind: string, params: object): Promise<Job> {
  const headers = { 'Content-Type': 'application/json' }
  const { id } = await api<Job>('/jobs', { method: 'POST', headers, body: JSON.stringify({ kind, params }) })
  return until(async () => {
    const job = await api<Job>(`/jobs/${id}`)
    return ['succeeded', 'failed'].includes(job.status) && job
  }, { what: `the end of a ${kind} job`, timeoutMs: 60_000 }) as Promise<Job>
}

const MIB = 1024 * 1024

/** The quota in microseconds and the bytes that the kernel has in the files of a service. */
function limitsOf (service: string): unknown[] {
  const cgroup = cgroupAt('/sys/fs/cgroup', `${tree!.path}/${PROJECT}-${service}-1`)
  const { limits } = cgroup.read()!
  cgroup.close()
  return [limits.cpuMax?.quotaUs, limits.memoryMaxBytes]
}

async function changeLimit (change: object): Promise<unknown> {
  const headers = { 'Content-Type': 'application/json' }
  const url = `http://127.0.0.1:${ports.lab}/api/limits`
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(change) })).json()
}

/** What the command prints; `null` if the machine was too busy for a verdict. */
async function printedOnceMeasured (): Promise<string | null> {
  const env = { ...process.env, LAB_PORT: String(ports.lab) }
  const { stdout } = await promisify(execFile)(process.execPath, ['dist/lab/cli/main.js', 'run', 'cpu-limit'], { env })
    .catch((err: { stdout: string }) => err)
  return stdout.includes('  not measured: ') ? null : stdout
}

beforeAll(async () => {
  await promisify(execFile)(process.execPath, ['scripts/build.js', 'start'])
  directory = newDirectory()
  ports = { api: await freePort(), lab: await freePort() }
}, START_MS)

afterAll(async () => {
  await starter.putAway()
}, 60_000)

describe('npm start without an engine', () => {
  test('starts every service, and a job succeeds', async () => {
    await start()
    expect(await endedJob('noop', {})).toMatchObject({ status: 'succeeded' })
  }, START_MS)

  withLimits('gives each service a cgroup with the limits of compose.yaml', () => {
    const specs = readComposeFile(readFileSync('compose.yaml', 'utf8'), services, {})
    for (const service of services) {
      const cgroup = cgroupAt('/sys/fs/cgroup', `${tree!.path}/${PROJECT}-${service}-1`)
      const reading = cgroup.read()!
      cgroup.close()
      const { cpus, memoryBytes, pids } = specs[service]!.limits
      const { cpuMax, memoryMaxBytes, pidsMax } = reading.limits
      expect([cpuMax?.quotaUs, memoryMaxBytes, pidsMax]).toEqual([cpus! * 100_000, memoryBytes, pids])
      expect(reading.pids.current).toBeGreaterThan(0)
    }
  })

  withLimits('has a job beyond the memory limit killed by the kernel', async () => {
    expect(await endedJob('memory', { mib: 512 })).toMatchObject({ status: 'failed', error: { code: 'oom_killed' } })
  }, 60_000)

  withLimits(
    'lets the experiment cpu-limit hold',
    async () => {
      const printed = await until(printedOnceMeasured, { what: 'a measured run', timeoutMs: START_MS - 10_000 })
      expect(printed).toContain('  holds: ')
    },
    START_MS
  )

  withLimits('changes a limit of a running service, and puts it back', async () => {
    const changed = await changeLimit({ service: 'api', cpus: 0.25, memoryBytes: 300 * MIB })
    expect(changed).toMatchObject({ now: { cpus: 0.25 } })
    expect(limitsOf('api')).toEqual([25_000, 300 * MIB])
    expect(await changeLimit({ service: 'api', memoryBytes: 8 * MIB })).toMatchObject({ code: 'below_use' })
    await changeLimit({ service: 'api', cpus: null, memoryBytes: null })
    expect(limitsOf('api')).toEqual([50_000, 256 * MIB])
  })

  withLimits('puts a changed limit back when the lab that wanted it was killed', async () => {
    await changeLimit({ service: 'worker', cpus: 0.3 })
    const [pid] = tree!.processes(`${PROJECT}-lab-1`)
    process.kill(pid!, 'SIGKILL')
    expect(limitsOf('worker')[0]).toBe(30_000)
    await until(() => limitsOf('worker')[0] === 50_000, { what: 'the limit of compose.yaml', timeoutMs: 30_000 })
    await until(() => fetch(`http://127.0.0.1:${ports.lab}/readyz`).then(({ ok }) => ok, () => false),
      { what: 'another lab', timeoutMs: 60_000 })
  }, 120_000)

  test('starts a killed service again', async () => {
    const { pid } = await api<{ pid: number }>('/whoami')
    process.kill(pid, 'SIGKILL')
    await until(async () => (await api<{ pid: number }>('/whoami')).pid !== pid, {
      what: 'another api',
      timeoutMs: 30_000
    })
    expect(starter.output).toContain('api ended (SIGKILL); starting it again in 0.1 s')
  }, 60_000)

  test('on Ctrl-C leaves no process, no cgroup and no port', async () => {
    expect(await starter.end('SIGINT')).toBe(0)
    expect(ownProcesses()).toEqual([])
    expect(tree?.exists ?? false).toBe(false)
    await expect(fetch(`http://127.0.0.1:${ports.lab}/livez`)).rejects.toThrow()
  }, 60_000)

  test(
    'after a kill it starts again, removes what was left, and keeps its data',
    async () => {
      await start()
      await starter.end('SIGKILL')
      await start()
      expect(starter.output).not.toContain('address already in use')
      const { jobs } = await api<{ jobs: Job[] }>('/jobs?kind=noop')
      expect(jobs).toHaveLength(1)
      expect(await starter.end('SIGTERM')).toBe(0)
      expect([ownProcesses(), tree?.exists ?? false, existsSync(join(directory, 'data/started.json'))]).toEqual([
        [],
        false,
        false
      ])
    },
    3 * START_MS
  )
})
