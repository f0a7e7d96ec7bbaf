import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { freePort } from '#scripts/local-stores/free-port.ts'
import { onProcessDeath, type Cleanup } from '#scripts/local-stores/on-process-death.ts'
import { until } from '#support/until.ts'
import { accept, untilFinished } from './support/api.ts'
import { inspectContainer } from './support/docker.ts'
import { recentLogs } from './support/recent-logs.ts'
import { removal, removeStack } from './support/removal.ts'
import { compose, composeWith, containerName, handOver, services, stack, type Stack } from './support/stack.ts'

const UP_MS = 400_000

let directory: string
let clone: Stack
let cleanup: Cleanup

/**
 * A second stack, from a checkout of somebody who is careful, has Git for Windows and likes odd names. In this file it
 * is the stack.
 */
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'limits-lab-checkout-'))
  const { root: original, project, tag } = stack()
  const root = join(directory, 'a b:c')
  await promisify(execFile)('sh', ['-c', 'umask 077; git -c core.autocrlf=true clone --quiet "$1" "$2"', 'sh', `file://${original}`, root])
  expect(statSync(join(root, 'compose.yaml')).mode & 0o777).toBe(0o600)
  // These two are in no image; with modes as they were before, what npm made of them is found among the layers.
  for (const file of ['package.json', 'package-lock.json']) {
    chmodSync(join(root, file), statSync(join(original, file)).mode)
  }
  clone = {
    root,
    project: `${project}-checkout`,
    tag: `${tag}-checkout`,
    apiPort: await freePort(),
    labPort: await freePort()
  }
  cleanup = onProcessDeath(removal(clone))
  handOver(clone)
})

afterEach(async () => { await compose('down', '--volumes', '--timeout', '1') }, 60_000)

afterAll(async () => {
  await removeStack(clone)
  cleanup.cancel()
  rmSync(directory, { recursive: true })
}, 60_000)

async function up (settings: Record<string, string>, ...options: string[]): Promise<void> {
  await composeWith(settings, 'up', '--wait', ...options).catch(async cause => {
    throw new Error(`docker compose up failed in ${clone.root}:\n${await recentLogs()}`, { cause })
  })
}

test(
  'cases 03, 04, 06: a checkout with umask 077, core.autocrlf and an odd path, on a host without CPU quota, comes up and runs jobs',
  async () => {
    await up({ API_CPUS: '0', WORKER_CPUS: '0', POSTGRES_CPUS: '0', REDIS_CPUS: '0', LAB_CPUS: '0' }, '--build')
    expect(await untilFinished((await accept('noop')).id)).toMatchObject({ status: 'succeeded' })
    expect(await compose('exec', '-T', 'lab', 'lab', 'ps')).toContain(`${clone.project}-worker-1`)
    const asked = await Promise.all(
      [...services, 'secrets'].map(async service => (await inspectContainer(containerName(service))).HostConfig)
    )
    expect(asked.map(({ NanoCpus }) => NanoCpus)).toEqual(asked.map(() => 0))
  },
  UP_MS
)

function givePasswords (password: string, mode: number): void {
  mkdirSync(join(clone.root, 'secrets'), { recursive: true, mode: 0o700 })
  for (const store of ['postgres', 'redis']) {
    const file = join(clone.root, 'secrets', `${store}_password`)
    rmSync(file, { force: true })
    writeFileSync(file, password)
    chmodSync(file, mode)
  }
}

test('case 19: compose.prod.yaml with passwords of words, quotes and a line end of Windows comes up and runs jobs', async () => {
  givePasswords(' correct horse "battery" \'staple\' a\\b\t$c#%41 \r\n', 0o444)
  handOver({ ...clone, files: ['compose.yaml', 'compose.prod.yaml'] })
  await up({ WORKER_REPLICAS: '1' })
  expect(await untilFinished((await accept('noop')).id)).toMatchObject({ status: 'succeeded' })
}, UP_MS)

test.each([
  ['that no store may read', 'horse', 0o000, 'cannot read /run/secrets/redis_password'],
  ['with two lines', 'correct\nhorse', 0o444, '/run/secrets/redis_password holds more than one line']
])(
  'a password file %s is named at once',
  async (_case, password, mode, message) => {
    givePasswords(password, mode)
    handOver({ ...clone, files: ['compose.yaml', 'compose.prod.yaml'] })
    await compose('up', '--detach', 'redis', 'postgres')
    for (const store of ['redis', 'postgres']) {
      await until(async () => (await compose('logs', store)).includes(message.replace('redis', store)), {
        what: `${store} to say what is wrong`,
        timeoutMs: 30_000
      })
    }
  },
  UP_MS
)
