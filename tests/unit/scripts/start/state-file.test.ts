import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { identityOf, isAlive, numberingOf } from '#scripts/start/process-identity.ts'
import { lockData, StateFile } from '#scripts/start/state-file.ts'
import { until } from '#support/until.ts'

let directory: string
let file: string
let stranger: ChildProcess
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'state-'))
  file = join(directory, 'started.json')
  stranger = spawn('sleep', ['60'], { detached: true })
})
afterEach(() => {
  stranger.kill('SIGKILL')
  rmSync(directory, { recursive: true })
})

const strangerLives = (): boolean => stranger.exitCode === null && stranger.signalCode === null
const dead = { pid: 4_194_304, startTicks: 1 }

/** Writes the file as a start wrote it that has died since. */
function write (state: object): void {
  writeFileSync(file, JSON.stringify({ numbering: numberingOf(), starter: dead, services: [], cgroups: [], ...state }))
}

async function endLeftovers (): Promise<string[]> {
  const said: string[] = []
  const state = new StateFile(file)
  state.claim()
  await state.endLeftovers(text => said.push(text))
  return said
}

test('a service that the file names by number and start time is ended, with its group', async () => {
  write({ services: [identityOf(stranger.pid!)] })
  expect(await endLeftovers()).toEqual(['An earlier start was killed: ending what it left behind'])
  await until(() => !strangerLives(), { what: 'the end of the service' })
})

// Postgres takes a number that still exists for a running server: kill(2) finds a zombie too.
test('after the end of a service the start waits until its number is free, even if its parent is slow to wait for it', async () => {
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'])
  try {
    const service = identityOf(Number(String((await once(parent.stdout, 'data'))[0])))!
    write({ services: [service] })
    process.kill(service.pid, 'SIGKILL')
    await until(() => !isAlive(service), { what: 'a zombie' })
    let isOver = false
    const ended = endLeftovers().then(() => { isOver = true })
    await new Promise(setImmediate)
    expect([isOver, identityOf(service.pid)]).toEqual([false, service])

    parent.kill('SIGKILL')
    await ended
    expect(identityOf(service.pid)).not.toEqual(service)
  } finally {
    parent.kill('SIGKILL')
  }
})

test('case 01: a process that has the number of a service, and another start time, gets no signal', async () => {
  write({ services: [{ pid: stranger.pid, startTicks: identityOf(stranger.pid!)!.startTicks - 1 }] })
  expect(await endLeftovers()).toEqual([])
  expect(strangerLives()).toBe(true)
})

test('numbers of another machine, boot or pid namespace mean no process here', async () => {
  write({ numbering: 'another', services: [identityOf(stranger.pid!)], starter: identityOf(process.pid) })
  expect(new StateFile(file).running).toBeNull()
  expect(await endLeftovers()).toEqual([])
  expect(strangerLives()).toBe(true)
})

test.each([
  ['empty', ''],
  ['cut', '{"numbering":"x","starter":{"pid":12'],
  ['not an object', '[]'],
  ['of an older form', '{"starter":{"pid":12,"startTicks":3},"services":[]}']
])('from a state file that is %s nothing is known', async (_case, text) => {
  writeFileSync(file, text)
  expect(new StateFile(file).running).toBeNull()
  expect(await endLeftovers()).toEqual([])
})

test.each([{ pid: 1, startTicks: identityOf(1)?.startTicks ?? 0 }, { pid: 0, startTicks: 0 }, { pid: -1, startTicks: 0 }, { pid: 4_194_304, startTicks: null }])('from a state file that names %j, which cannot be a service, nothing is known', async service => {
  write({ services: [service, identityOf(stranger.pid!)] })
  expect(await endLeftovers()).toEqual([])
  expect(strangerLives()).toBe(true)
})

test('a start that still runs is reported with its number', () => {
  write({ starter: identityOf(process.pid) })
  expect(new StateFile(file).running).toBe(process.pid)
})

test('a directory that the file names is removed only if it is still the one that was made', async () => {
  const [made, replaced] = ['made', 'replaced'].map(name => join(directory, name)) as [string, string]
  mkdirSync(made)
  mkdirSync(replaced)
  write({ cgroups: [{ path: made, inode: statSync(made).ino }, { path: replaced, inode: statSync(replaced).ino + 1 }] })
  await endLeftovers()
  expect([existsSync(made), existsSync(replaced)]).toEqual([false, true])
})

test('what the previous start left stays recorded until it has been ended', () => {
  const service = identityOf(stranger.pid!)
  write({ services: [service] })
  new StateFile(file).claim()
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ starter: { pid: process.pid }, services: [service] })
})

test('a process that has ended is not alive, even before its parent has waited for it', async () => {
  const identity = identityOf(stranger.pid!)!
  expect(isAlive(identity)).toBe(true)
  stranger.kill('SIGKILL')
  await until(() => !isAlive(identity), { what: 'its end' })
})

test('of two attempts to lock the same data only the first succeeds', async () => {
  expect([await lockData(directory), await lockData(directory)]).toEqual([true, false])
})
