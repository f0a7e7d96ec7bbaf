import { expect, test } from '@jest/globals'
import { Shutdown } from '#shared/process/shutdown.ts'
import { capturedLog } from '#support/captured-log.ts'
import { until } from '#support/until.ts'

function setUp (graceMs = 60_000) {
  const { log, lines } = capturedLog()
  const exits: number[] = []
  const shutdown = new Shutdown(log, graceMs, code => { exits.push(code) })
  return { shutdown, exits, lines }
}

test('stopping closes what was opened, newest first and one at a time, and exits with 0', async () => {
  const { shutdown, exits } = setUp()
  const seen: string[] = []
  for (const name of ['postgres', 'redis', 'http']) {
    shutdown.add(name, async () => {
      seen.push(`${name} closes`)
      await Promise.resolve()
      seen.push(`${name} closed`)
    })
  }
  await shutdown.run('SIGTERM')
  expect(seen).toEqual([
    'http closes',
    'http closed',
    'redis closes',
    'redis closed',
    'postgres closes',
    'postgres closed'
  ])
  expect(exits).toEqual([0])
})

test('stopping is announced before anything is closed', async () => {
  const { shutdown } = setUp()
  let wasStopping = false
  shutdown.add('http', () => { wasStopping = shutdown.isStopping })
  expect(shutdown.isStopping).toBe(false)
  await shutdown.run('SIGTERM')
  expect(wasStopping).toBe(true)
})

test('a step that fails does not keep the others open, and is logged with its name', async () => {
  const { shutdown, exits, lines } = setUp()
  let isClosed = false
  shutdown.add('postgres', () => { isClosed = true })
  shutdown.add('redis', async () => { throw new Error('was gone') })
  shutdown.add('http', () => { throw new Error('at once') })
  await shutdown.run('SIGTERM')
  expect(isClosed).toBe(true)
  expect(exits).toEqual([0])
  expect(lines.filter(({ msg }) => msg === 'close failed').map(({ step }) => step)).toEqual(['http', 'redis'])
})

test('a second signal while stopping changes nothing', async () => {
  const { shutdown, exits } = setUp()
  let closed = 0
  shutdown.add('postgres', () => { closed++ })
  await Promise.all([shutdown.run('SIGTERM'), shutdown.run('SIGINT')])
  expect([closed, exits]).toEqual([1, [0]])
})

test('stopping because of an error closes everything and exits with 1', async () => {
  const { shutdown, exits } = setUp()
  let isClosed = false
  shutdown.add('postgres', () => { isClosed = true })
  await shutdown.run('uncaughtException', 1)
  expect([isClosed, exits]).toEqual([true, [1]])
})

test('a step that is stuck cannot keep the process: it exits with 1 after the grace', async () => {
  const { shutdown, exits, lines } = setUp(5)
  shutdown.add('postgres', () => new Promise(() => {}))
  shutdown.run('SIGTERM').catch(() => {})
  await until(() => exits.length > 0, { what: 'the process to exit' })
  expect(exits).toEqual([1])
  expect(lines.at(-1)).toMatchObject({ msg: 'did not stop in time', graceMs: 5 })
})
