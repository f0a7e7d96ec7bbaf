import { beforeAll, expect, test } from '@jest/globals'
import { cgroupFiles } from './support/cgroup-files.ts'
import { inspectContainer } from './support/docker.ts'
import { onEngineHost, pid1Status, processArguments } from './support/engine-host.ts'
import { ask, hellos, inContainer } from './support/hello.ts'
import { limits, MIB } from './support/limits.ts'
import {
  compose,
  composeWith,
  containerName,
  handOver,
  inspect,
  services,
  stack,
  untilHealthy,
  type Service
} from './support/stack.ts'

beforeAll(() => untilHealthy(), 130_000)

test.each(services)('%s has the limits of the design, and no swap, in the settings of the engine', async service => {
  const { HostConfig: settings } = await inspect(service)
  const { memoryBytes, cpuCores, pids } = limits[service]
  expect([settings.Memory, settings.MemorySwap]).toEqual([memoryBytes, memoryBytes])
  expect(settings.NanoCpus).toBe(cpuCores * 1e9)
  expect(settings.PidsLimit).toBe(pids)
})

test.each(services)('%s has the same limits in the kernel\'s files', async service => {
  const { memoryBytes, cpuCores, pids } = limits[service]
  const files = await cgroupFiles(service)
  expect(files.memoryLimitBytes).toBe(memoryBytes)
  expect(files.swapLimitBytes).toBe(0)
  expect(files.cpuCores).toBe(cpuCores)
  expect(files.pidsLimit).toBe(pids)
})

const noQuota = Object.fromEntries(
  ['API', 'WORKER', 'POSTGRES', 'REDIS', 'LAB'].map(service => [`${service}_CPUS`, '0'])
)

test.each([
  ['compose.yaml', ['compose.yaml'], 6],
  ['compose.prod.yaml on top', ['compose.yaml', 'compose.prod.yaml'], 5]
])('case 06: with every CPU limit 0, %s asks the engine for none, and for the same memory limits', async (_case, files, containers) => {
  const usual = stack()
  handOver({ ...usual, files })
  try {
    expect((await compose('config')).match(/^ +cpus: /gm)).toHaveLength(containers)
    const config = await composeWith(noQuota, 'config')
    expect(config).not.toContain('cpus')
    expect(config.match(/^ +memory: /gm)).toHaveLength(containers)
  } finally {
    handOver(usual)
  }
})

test('the container that makes the secrets has limits too, and exited with code 0', async () => {
  const { HostConfig: settings, State } = await inspectContainer(containerName('secrets'))
  expect(State).toMatchObject({ Status: 'exited', ExitCode: 0 })
  const { Memory, MemorySwap, PidsLimit, NanoCpus } = settings
  expect([Memory, MemorySwap, PidsLimit, NanoCpus]).toEqual([32 * MIB, 32 * MIB, 16, 0.25e9])
  expect(settings).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'], CapAdd: ['CAP_CHOWN'] })
})

test('every volume has a name: one without would be left behind by each docker compose down', async () => {
  const containers = await Promise.all(
    [...services, 'secrets'].map(service => inspectContainer(containerName(service)))
  )
  const volumes = containers
    .flatMap(({ Mounts }) => Mounts)
    .filter(({ Type }) => Type === 'volume')
    .map(({ Name }) => Name)
  expect(volumes.filter(name => !name?.startsWith(`${stack().project}_`))).toEqual([])
})

test.each(services)(
  '%s is configured to run without root, capabilities, new privileges or a writable root',
  async service => {
    const { Config, HostConfig } = await inspect(service)
    expect(Config.User).not.toMatch(/^(root|0)?(:.*)?$/)
    expect(HostConfig).toMatchObject({
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      CapAdd: null,
      Privileged: false,
      Init: true
    })
    expect(HostConfig.SecurityOpt).toContain('no-new-privileges:true')
  }
)

test.each(services)('%s runs without root, capabilities or new privileges, as the kernel has it', async service => {
  const status = await pid1Status(service)
  for (const uid of status.get('Uid')!.split('\t')) expect(Number(uid)).toBeGreaterThan(0)
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) expect([set, status.get(set)]).toEqual([set, '0'.repeat(16)])
  expect(status.get('NoNewPrivs')).toBe('1')
})

test.each(services)('%s cannot write to its root file system', async service => {
  await expect(compose('exec', '-T', service, 'bash', '-c', 'echo x > /x')).rejects.toThrow('Read-only file system')
})

test.each(services)('%s is healthy, comes back after a crash, and its log cannot fill the disk', async service => {
  const { State, HostConfig } = await inspect(service)
  expect(State.Health?.Status).toBe('healthy')
  expect(HostConfig.RestartPolicy.Name).toBe('unless-stopped')
  expect(HostConfig.LogConfig).toEqual({
    Type: 'json-file',
    Config: { 'max-size': expect.any(String), 'max-file': expect.any(String) }
  })
})

test('only api and lab have a published port, and only on 127.0.0.1', async () => {
  const bindings = await Promise.all(services.map(async service => {
    const { Ports } = (await inspect(service)).NetworkSettings
    return [service, published(Ports)]
  }))
  const { apiPort, labPort } = stack()
  expect(Object.fromEntries(bindings)).toEqual({
    api: [{ HostIp: '127.0.0.1', HostPort: String(apiPort) }],
    lab: [{ HostIp: '127.0.0.1', HostPort: String(labPort) }],
    worker: [],
    postgres: [],
    redis: []
  })
})

function published (ports: Record<string, unknown[] | null>): unknown[] {
  return Object.values(ports).flatMap(bindings => bindings ?? [])
}

test.each(hellos)('$service cannot be asked from the host at its address on the network of the stores', async hello => {
  expect(await ask(hello, inContainer('api'))).toMatch(hello.answer)
  expect(await ask(hello, onEngineHost)).not.toMatch(hello.answer)
})

test('only the services with a published port can reach the outside', async () => {
  const routes = await Promise.all(services.map(async service => [service, await hasDefaultRoute(service)]))
  expect(Object.fromEntries(routes)).toEqual({ api: true, lab: true, worker: false, postgres: false, redis: false })
})

/** In /proc/net/route the destination of the default route is 0. */
async function hasDefaultRoute (service: Service): Promise<boolean> {
  return /^\S+\t00000000\t/m.test(await compose('exec', '-T', service, 'cat', '/proc/net/route'))
}

test('the passwords are in files only: not in a setting, an argument or a log', async () => {
  const passwords = await Promise.all(
    ['postgres', 'redis'].map(store => compose('exec', '-T', 'api', 'cat', `/secrets/${store}/password`))
  )
  const inspected = await Promise.all([...services, 'secrets'].map(service => inspectContainer(containerName(service))))
  const everything = JSON.stringify(inspected) + await compose('logs', '--no-color') + await processArguments(20)
  for (const password of passwords) {
    expect(password).toMatch(/^[\w-]{32}$/)
    expect(everything.includes(password)).toBe(false)
  }
  // The list of processes was not empty.
  expect(everything).toContain('dist/main.js')
})

test('the password of one store cannot be read by the other', async () => {
  await expect(compose('exec', '-T', 'redis', 'cat', '/secrets/postgres/password')).rejects.toThrow('No such file')
  await expect(compose('exec', '-T', 'postgres', 'cat', '/secrets/redis/password')).rejects.toThrow('No such file')
})
