// The lab beside projects of somebody else: what it finds, what it can do, and that nothing of them is changed.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { freePort } from '#scripts/local-stores/free-port.ts'
import { onProcessDeath, type Cleanup } from '#scripts/local-stores/on-process-death.ts'
import { until } from '#support/until.ts'
import type { RunView } from '#lab/wire/experiments.ts'
import type { ContainerView, History, LabEvent, Sample } from '#lab/wire/live.ts'
import type { LoadFigures, LoadView } from '#lab/wire/load.ts'
import type { SweepView } from '#lab/wire/sweep.ts'
import { docker, inspectContainer } from './support/docker.ts'
import { attach, Foreign } from './support/foreign.ts'
import { MIB } from './support/limits.ts'

const UP_MS = 400_000
const FOUND_MS = 1000

/** A project of somebody else, with the lab beside it while the tests of a `describe` run. */
function beside (folder: string, ...options: string[]) {
  const foreign = new Foreign(folder)
  const given = { foreign, url: '', lives: [] as string[], printed: '' }
  let cleanup: Cleanup

  beforeAll(async () => {
    cleanup = onProcessDeath(foreign.removal())
    await foreign.compose('up', '--build', '--wait')
    given.lives = await foreign.lives()
    const port = await freePort()
    given.url = `http://127.0.0.1:${port}`
    given.printed = await attach(port, foreign.project, ...options)
  }, UP_MS)

  afterAll(async () => {
    await attach(0, '--stop', foreign.project)
    await foreign.compose('down', '--volumes', '--timeout', '1', '--rmi', 'local')
    cleanup.cancel()
  }, 120_000)
  return given
}

const json = async <T>(url: string, init?: RequestInit): Promise<T> => await (await fetch(url, init)).json() as T

async function containersAt (url: string): Promise<ContainerView[]> {
  return (await json<Sample>(`${url}/api/containers`)).containers
}

const namesAt = async (url: string): Promise<string[]> => (await containersAt(url)).map(({ service, name }) => `${service} ${name}`)

/** How long after the lab began to look the last of these was found. */
async function longestFoundMs (lab: string, url: string): Promise<number> {
  const began = (await docker(['logs', lab])).split('\n').findLast(line => line.includes('watching the stack'))!
  const beganMs = Date.parse((JSON.parse(began) as { time: string }).time)
  return Math.max(...(await containersAt(url)).map(({ firstSeenAt }) => Date.parse(firstSeenAt) - beganMs))
}

/** Other work may keep the lab from it; then it is started again. */
async function expectFoundWithinSecond ({ lab }: Foreign, url: string, expected: string[]): Promise<void> {
  let isFirst = true
  await until(async () => {
    if (!isFirst) await docker(['restart', lab])
    isFirst = false
    const isComplete = async () => (await containersAt(url)).length === expected.length
    await until(isComplete, { what: 'the containers to be found', timeoutMs: 30_000 })
    return await longestFoundMs(lab, url) < FOUND_MS
  }, { what: 'all containers to be found within a second', timeoutMs: 120_000 })
  expect(await namesAt(url)).toEqual(expected)
}

/** Of a load of three seconds. That the generator kept the pace is not claimed: the machine may be busy. */
async function loadTotals (foreign: Foreign, url: string, ratePerSecond: number): Promise<LoadFigures | undefined> {
  const printed = await foreign.inLab('load', url, '--rate', String(ratePerSecond), '--duration', '3s', '--json')
    .catch((err: { stdout: string }) => err.stdout)
  return (JSON.parse(printed) as LoadView).summary?.total
}

async function isGone (foreign: Foreign): Promise<void> {
  expect(await foreign.leftovers()).toEqual([])
  const networks = (await docker(['network', 'ls', '--quiet', '--filter', `label=com.docker.compose.project=${foreign.project}`])).trim()
  expect(await docker(['network', 'inspect', ...networks.split('\n')])).not.toContain(foreign.lab)
}

describe('beside a web application in Python with Postgres, with the broker', () => {
  const given = beside('shop', '--limits')
  const { foreign } = given
  const { project } = foreign
  const web = `${project}-web-1`

  test('its containers are found within a second, each under its service, and nobody else', async () => {
    await expectFoundWithinSecond(foreign, given.url, [`db ${project}-db-1`, `web ${web}`])
    expect(given.printed).toContain(web)
  }, UP_MS)

  test('a container of another project on the same network is a stranger, and gets no load, though it looks alike', async () => {
    const stranger = `${project}-eu-web-1`
    await docker(['run', '--detach', '--rm', '--init', '--name', stranger, '--network', `${project}_default`,
      '--network-alias', 'web', '--entrypoint', 'sleep', 'redis:8-trixie', '60'])
    try {
      // Half a CPU answers about ten in a second, and the stranger would refuse them all.
      expect(await loadTotals(foreign, 'http://web:8000/', 3)).toMatchObject({ due: 9, succeeded: 9 })
      expect(await namesAt(given.url)).toEqual([`db ${project}-db-1`, `web ${web}`])
    } finally {
      await docker(['rm', '--force', stranger])
    }
  }, 60_000)

  test.each(['http://api:3000/', 'http://localhost:8080/', 'http://127.0.0.1:8080/', `http://${foreign.lab}:8080/`])(
    'no load is put on %s', async url => {
      const refused = foreign.inLab('load', url, '--rate', '1', '--duration', '1s')
      await expect(refused).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('expected a service that was found here: db, web') })
    })

  test('a limit is turned while it runs, and put back', async () => {
    await foreign.inLab('limit', 'web', '--cpus', '0.2', '--memory', '100M')
    expect((await inspectContainer(web)).HostConfig).toMatchObject({ NanoCpus: 2e8, Memory: 100 * MIB })
    await foreign.inLab('limit', 'web', '--put-back')
    expect(await foreign.lives()).toEqual(given.lives)
  }, 60_000)

  test('a sweep of it tries limits under load, and leaves them as they were when it is cancelled', async () => {
    const spec = { service: 'web', port: 8000, path: '/', ratePerSecond: 2, goal: { p99Ms: 10_000 } }
    const headers = { 'Content-Type': 'application/json' }
    const asked = { method: 'POST', headers, body: JSON.stringify(spec) }
    const start = () => json<SweepView>(`${given.url}/api/sweeps`, asked)
    const isStarted = async () => (await start()).state === 'running'
    await until(isStarted, { what: 'a sweep that is accepted', timeoutMs: 30_000 })
    const sweep = async () => (await json<{ sweeps: SweepView[] }>(`${given.url}/api/sweeps`)).sweeps[0]!
    const hasTried = async () => (await sweep()).trials.length > 0
    await until(hasTried, { what: 'the end of a trial', timeoutMs: 60_000 })
    await fetch(`${given.url}/api/sweeps/${(await sweep()).id}`, { method: 'DELETE' })
    await until(async () => (await sweep()).state === 'cancelled', { what: 'its end', timeoutMs: 30_000 })
    const [baseline] = (await sweep()).trials
    expect(baseline).toMatchObject({ purpose: 'baseline', figures: { due: 16, failed: 0, restarts: 0 } })
    expect(await foreign.lives()).toEqual(given.lives)
  }, 150_000)

  test('a process that is killed for the limit is reported with the evidence', async () => {
    await docker(['exec', web, 'python3', '-c', 'bytearray(400 << 20)']).catch(() => {})
    const event = await until(async () => {
      const { events } = await json<{ events: LabEvent[] }>(`${given.url}/api/events`)
      return events.find(({ kind, oom }) => kind === 'oom_kill' && oom?.victim === 'child')
    }, { what: 'the kill to be reported', timeoutMs: 10_000 })
    expect(event).toMatchObject({ service: 'web', name: web, oom: { kills: 1, limitBytes: 128 * MIB } })
  }, 60_000)

  test('history and metrics are of its containers', async () => {
    const { containers } = await json<History>(`${given.url}/api/history`)
    expect(containers.map(({ service }) => service).toSorted()).toEqual(['db', 'web'])
    const metrics = await (await fetch(`${given.url}/metrics`)).text()
    expect(metrics).toMatch(new RegExp(`^container_spec_memory_limit_bytes\\{.*name="${web}".*\\} 134217728$`, 'm'))
    expect(metrics).toMatch(/^limits_lab_oom_kills_total\{service="web",victim="child",cause="[a-z_]+"\} 1$/m)
  })

  test('what needs the services of limits-lab says why it is absent', async () => {
    for (const path of ['/api/jobs', '/api/whoami']) {
      expect(await json(given.url + path)).toMatchObject({ status: 409, code: 'attached', detail: expect.stringContaining(`attached to ${project}`) })
    }
    const run = await json<RunView>(`${given.url}/api/experiments/cpu-limit/runs`, { method: 'POST' })
    const summary = expect.stringContaining('attached to another project')
    expect(run).toMatchObject({ state: 'finished', verdict: { outcome: 'not_here', summary } })
  })

  test('a container of the project reaches the lab, may read there, and may start and change nothing', async () => {
    const program = `
import json, urllib.error, urllib.request
def ask(path, body=None):
    request = urllib.request.Request('http://limits-lab:8080' + path, body and json.dumps(body).encode(), {'Content-Type': 'application/json'})
    try:
        return urllib.request.urlopen(request).status
    except urllib.error.HTTPError as answer:
        return [answer.status, json.load(answer)['code']]
print(json.dumps([ask('/api/containers'), ask('/api/limits', {'service': 'db', 'pids': 100}),
                  ask('/api/loads', {'service': 'web', 'port': 8000, 'path': '/', 'ratesPerSecond': [1]})]))`
    const answers = JSON.parse(await docker(['exec', web, 'python3', '-c', program])) as unknown
    expect(answers).toEqual([200, [403, 'neighbour'], [403, 'neighbour']])
  }, 30_000)

  test('the lab has no socket of the engine, no capability, and a port on 127.0.0.1 only', async () => {
    const { Config, HostConfig, Mounts } = await inspectContainer(foreign.lab)
    expect(Config.User).toBe('node')
    expect(HostConfig).toMatchObject({ CapDrop: ['ALL'], CapAdd: null, Privileged: false, ReadonlyRootfs: true })
    expect(HostConfig.PortBindings?.['8080/tcp']?.map(({ HostIp }) => HostIp)).toEqual(['127.0.0.1'])
    expect(JSON.stringify(Mounts)).not.toContain('docker.sock')
  })

  test('--stop puts back what is changed, leaves nothing of ours, and the project as it was', async () => {
    await foreign.inLab('limit', 'web', '--cpus', '0.2')
    await attach(0, '--stop', project)
    await isGone(foreign)
    expect(await foreign.lives()).toEqual(given.lives)
  }, 90_000)
})

describe('beside a static site behind HAProxy, on two networks', () => {
  const given = beside('site')
  const { foreign } = given
  const { project } = foreign
  const found = ['proxy', 'static', 'static'].map((service, i) => `${service} ${project}-${service}-${Math.max(1, i)}`)

  test('its containers are found within a second, whatever network they are on', async () => {
    await expectFoundWithinSecond(foreign, given.url, found)
  }, UP_MS)

  test('a container that starts later is found within a second of its start', async () => {
    const third = `${project}-static-3`
    const scale = (copies: number) =>
      foreign.compose('up', '--detach', '--no-recreate', '--scale', `static=${copies}`)
    const newest = async () =>
      (await containersAt(given.url)).find(({ name, state }) => name === third && state !== 'gone')
    const isFoundInTime = async (): Promise<boolean> => {
      await scale(3)
      const { State } = await inspectContainer(third)
      const view = await until(newest, { what: 'the third copy to be found' })
      await scale(2)
      return Date.parse(view!.firstSeenAt) - Date.parse(State.StartedAt) < FOUND_MS
    }
    await until(isFoundInTime, { what: 'a new container to be found within a second', timeoutMs: 90_000 })
  }, 120_000)

  test('load goes through the proxy, or to the servers behind it', async () => {
    for (const url of ['http://proxy:8000/index.html', 'http://static:8080/']) {
      expect(await loadTotals(foreign, url, 20)).toMatchObject({ due: 60, succeeded: 60 })
    }
  }, 60_000)

  test('without the broker a limit is not turned, and the answer says what would be needed', async () => {
    await expect(foreign.inLab('limit', 'proxy', '--cpus', '0.1')).rejects.toMatchObject({ stderr: expect.stringContaining('scripts/attach PROJECT --limits') })
  })

  test('--stop leaves nothing of ours, and the project as it was', async () => {
    await attach(0, '--stop', project)
    await isGone(foreign)
    expect(await foreign.lives()).toEqual(given.lives)
  }, 90_000)
})

describe('beside containers without limits, one of them with a name of its own', () => {
  const given = beside('bare')
  const { foreign } = given

  test('they are found within a second, each under its service', async () => {
    const { project } = foreign
    await expectFoundWithinSecond(foreign, given.url, [`cache ${project}.the-cache`, `writer ${project}-writer-1`])
  }, UP_MS)

  test('each is shown without a limit, against what the host has', async () => {
    for (const { effective } of await containersAt(given.url)) {
      expect([effective?.cpuCores?.from, effective?.memory?.from]).toEqual(['host', 'host'])
    }
    expect(await foreign.inLab('ps')).toMatch(/\.the-cache +calm +[\d.]+ \/ none \(host [\d.]+\)/)
  })

  test('--stop leaves nothing of ours, and the project as it was', async () => {
    await attach(0, '--stop', foreign.project)
    await isGone(foreign)
    expect(await foreign.lives()).toEqual(given.lives)
  }, 90_000)
})

test('a project that does not run is refused, and nothing is started', async () => {
  const nobody = new Foreign('nobody')
  await expect(attach(0, nobody.project)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(`the Compose project ${nobody.project}`) })
  expect(await nobody.leftovers()).toEqual([])
})
