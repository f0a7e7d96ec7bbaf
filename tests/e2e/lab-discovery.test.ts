import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Sample } from '#lab/wire/live.ts'
import { docker } from './support/docker.ts'
import { engineEvents, type EngineEvent } from './support/engine-events.ts'
import { LabStream } from './support/lab-stream.ts'
import { metrics } from './support/metrics.ts'
import { compose, containerName, inspect, stack, untilHealthy } from './support/stack.ts'

const FOLLOWED_MS = 1000
/** The engine's DNS has to know a container first, and answers slowly on a busy machine. */
const FOLLOWED_WHILE_BUSY_MS = 2000
/** The lab asks DNS about a container for four and a half seconds before it counts it as a stranger. */
const ASKED_MS = 5500

let stream: LabStream

beforeAll(() => untilHealthy(), 130_000)
beforeEach(async () => { stream = await LabStream.open() })
afterEach(async () => {
  await stream?.close()
  await scale(1)
})
afterAll(() => untilHealthy(), 130_000)

test('copies that --scale adds and removes are followed within a second', async () => {
  await expectFollowed(() => scale(3), ['start worker-2', 'start worker-3'])
  await expectFollowed(() => scale(1), ['die worker-2', 'die worker-3'])
  for (const gone of [2, 3].map(number => containerName('worker', number))) {
    await stream.untilEvent(`${gone} to be reported as gone`, ({ kind, name }) => kind === 'gone' && name === gone)
    await stream.untilSample(`${gone} to be shown as gone`, ({ containers }) =>
      containers.some(({ name, state }) => name === gone && state === 'gone')
    )
  }
})

test('a restart, and a new container in the place of another, are followed within a second, and the restarts stay counted', async () => {
  const { restarts } = viewOf('worker')
  await expectFollowed(() => compose('restart', 'worker'), ['die worker-1', 'start worker-1'])
  expect(viewOf('worker')).toMatchObject({ id: (await inspect('worker')).Id, restarts: restarts + 1 })
  await stream.untilEvent(
    'the restart to be reported',
    ({ kind, name }) => kind === 'restarted' && name === containerName('worker')
  )

  await expectFollowed(
    () => compose('up', '--detach', '--force-recreate', '--no-deps', 'worker'),
    ['die worker-1', 'start worker-1']
  )
  expect(viewOf('worker')).toMatchObject({ id: (await inspect('worker')).Id, restarts: restarts + 1 })
  const { text } = await stream.untilEvent(
    'the new container to be reported',
    ({ kind, name }) => kind === 'appeared' && name === containerName('worker')
  )
  expect(text).toBe('appeared: a new container in the place of one of this name')
})

test('a container that does not belong to the stack is never shown, whatever its name and its network', async () => {
  const strangers = [await startStranger(7, 'bridge'), await startStranger(8, `${stack().project}_back`)]
  try {
    const askedAtMs = Date.now() + ASKED_MS
    await stream.untilSample('the lab to have asked about them', ({ at }) => Date.parse(at) > askedAtMs)
    const inSamples = stream.samples.flatMap(({ containers }) => containers.map(({ id }) => id))
    const shown = new Set([...inSamples, ...stream.events.map(({ containerId }) => containerId)])
    expect(strangers.filter(id => shown.has(id))).toEqual([])
    // The tests' own container on the engine's host is a stranger as well.
    expect((await metrics('lab')).value('limits_lab_strangers')).toBeGreaterThan(strangers.length)
  } finally {
    await docker(['rm', '--force', ...strangers])
  }
})

/**
 * Asserts that the engine did this, and that the stream showed the first start and the first end within a second after
 * that, and the others a little later.
 */
async function expectFollowed (change: () => Promise<unknown>, expected: string[]): Promise<void> {
  const [sinceMs, before] = [Date.now(), livesIn(stream.samples.at(-1)!)]
  const from = stream.samples.length
  await change()
  const done = await engineEvents(sinceMs)
  expect(done.map(({ action, name }) => `${action} ${name.replace(`${stack().project}-`, '')}`).sort()).toEqual(
    expected
  )
  const delays = await Promise.all(
    done.map(async event => {
      const { at } = await stream.untilSample(
        `${event.action} of ${event.name} to be followed`,
        sample => isFollowed(event, before, sample),
        from
      )
      const delayMs = Date.parse(at) - event.atMs
      console.log(
        `${event.action} of ${event.name}: in a sample taken ${Math.round(delayMs)} ms after the engine had done it`
      )
      return { action: event.action, ms: delayMs - stream.heldUpMs(event.atMs, Date.parse(at)) }
    })
  )
  for (const action of new Set(done.map(({ action }) => action))) {
    const delaysMs = delays.filter(delay => delay.action === action).map(({ ms }) => ms)
    expect(Math.min(...delaysMs)).toBeLessThan(FOLLOWED_MS)
    expect(Math.max(...delaysMs)).toBeLessThan(FOLLOWED_WHILE_BUSY_MS)
  }
}

/** The id and the restarts of each container that could be read, which together identify a life. */
function livesIn ({ containers }: Sample): string[] {
  return containers.filter(({ memory }) => memory.currentBytes !== null).map(({ id, restarts }) => `${id} ${restarts}`)
}

function isFollowed ({ action, id }: EngineEvent, before: string[], sample: Sample): boolean {
  const lives = livesIn(sample).filter(life => life.startsWith(id))
  return action === 'die' ? !lives.some(life => before.includes(life)) : lives.some(life => !before.includes(life))
}

function scale (copies: number): Promise<string> {
  return compose('up', '--detach', '--no-recreate', '--no-deps', '--scale', `worker=${copies}`, 'worker')
}

/** Starts a container that ends by itself, in case the tests are killed. */
async function startStranger (number: number, network: string): Promise<string> {
  const name = containerName('worker', number)
  return (
    await docker([
      'run',
      '--detach',
      '--rm',
      '--init',
      '--name',
      name,
      '--network',
      network,
      '--entrypoint',
      'sleep',
      'redis:8-trixie',
      '60'
    ])
  ).trim()
}

function viewOf (service: string) {
  return stream.samples.at(-1)!.containers.find(({ name }) => name === containerName(service))!
}
