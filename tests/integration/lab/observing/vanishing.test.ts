import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { afterEach, expect, test } from '@jest/globals'
import { Directory } from '#cgroup/directory.ts'
import { makeTree, removeTrees } from '#support/cgroup-tree.ts'
import { idOf } from '../../../unit/lab/support/fakes.ts'
import { dnsOf, labOnTree } from '../support/lab-on-tree.ts'

afterEach(removeTrees)

const ids = Array.from({ length: 12 }, (_, i) => idOf(`d${i.toString(16)}`))

/** Runs `script` on a thread of its own, in the middle of whatever the lab is reading; `stop` waits for its end. */
function beside (script: string, workerData: unknown) {
  const worker = new Worker(script, { eval: true, workerData })
  const ended = new Promise<void>((resolve, reject) => { worker.on('exit', () => resolve()).on('error', reject) })
  const stop = () => {
    worker.postMessage('stop')
    return ended
  }
  return { worker, stop }
}

/** Makes and removes containers as fast as it can. */
const turmoil = `
const { workerData: { root, ids, files }, parentPort } = require('node:worker_threads')
const { mkdirSync, renameSync, rmSync, writeFileSync } = require('node:fs')
let isStopping = false
parentPort.on('message', () => { isStopping = true })
let made = 0
function turn () {
  const path = root + '/docker/' + ids[made % ids.length]
  rmSync(path, { recursive: true, force: true })
  // Made elsewhere: unlike the kernel's, a file of ours is empty for a moment.
  mkdirSync(root + '/new')
  for (const [name, text] of Object.entries(files)) writeFileSync(root + '/new/' + name, text)
  renameSync(root + '/new', path)
  if (++made % 10 === 0) parentPort.postMessage(made)
  if (isStopping) parentPort.close()
  else setImmediate(turn)
}
turn()
`

const files = {
  'cpu.stat': 'usage_usec 1000\n',
  'memory.current': '4096\n',
  'memory.max': 'max\n',
  'memory.events': 'oom_kill 0\n',
  'pids.current': '1\n'
}

const openFiles = () => readdirSync('/proc/self/fd').length

test('containers that come and go while they are read neither stop the lab nor leave files open', async () => {
  const root = makeTree({
    'cgroup.controllers': 'cpu memory',
    'docker/memory.events': 'oom_kill 0\n',
    'docker/memory.events.local': 'oom_kill 0\n'
  })
  const lab = labOnTree(root, dnsOf(new Map(ids.map((id, i) => [id, `lab-worker-${i + 1}`]))), { containers: 8 })
  await lab.tick()
  const before = openFiles()
  const { worker, stop } = beside(turmoil, { root, ids, files })
  const progress = { made: 0 }
  worker.on('message', made => { progress.made = made })

  try {
    while (progress.made < 600) await lab.tick()
  } finally {
    await stop()
  }

  expect(lab.lines.filter(({ msg }) => msg === 'watching').length).toBeGreaterThan(0)
  expect(lab.lines.filter(({ msg }) => msg === 'cannot read a container').map(({ err }) => err)).toEqual([])
  expect([...lab.observer.containers].length).toBeLessThanOrEqual(8)
  lab.observer.close()
  expect(openFiles()).toBeLessThanOrEqual(before + 2)
})

/** One directory, there and gone as fast as it can be. */
const flicker = `
const { workerData: path, parentPort } = require('node:worker_threads')
const { mkdirSync, rmdirSync } = require('node:fs')
let isStopping = false
parentPort.on('message', () => { isStopping = true })
function turn () {
  for (let i = 0; i < 100; i++) {
    mkdirSync(path)
    rmdirSync(path)
  }
  if (isStopping) parentPort.close()
  else setImmediate(turn)
}
turn()
`

test('a directory that goes while it is being opened was either there or not: it is no fault, and nothing stays open', async () => {
  const path = `${makeTree({ docker: null })}/docker/${idOf('d0')}`
  const before = openFiles()
  const { stop } = beside(flicker, path)

  try {
    for (let opened = 0; opened < 5000; await setImmediate()) {
      for (let tries = 0; tries < 100; tries++) {
        const directory = new Directory(path)
        if (directory.open() !== null) opened++
        directory.close()
      }
    }
  } finally {
    await stop()
  }
  expect(openFiles()).toBeLessThanOrEqual(before + 2)
}, 60_000)

test('five hundred containers that were and went leave nothing behind', async () => {
  const root = makeTree({ 'cgroup.controllers': 'cpu memory', docker: null })
  const known = new Map<string, string>()
  const lab = labOnTree(root, dnsOf(known), { containers: 10 })
  const before = openFiles()
  for (let i = 0; i < 500; i++) {
    const id = idOf(`e${i.toString(16).padStart(3, '0')}`)
    if (i % 2 === 0) known.set(id, `lab-worker-${i}`)
    mkdirSync(`${root}/docker/${id}`)
    await lab.tick()
    rmSync(`${root}/docker/${id}`, { recursive: true })
    await lab.tick()
    known.delete(id)
  }
  expect([...lab.observer.containers].length).toBeLessThanOrEqual(10)
  expect(lab.observer.strangers).toBe(0)
  expect(openFiles()).toBeLessThanOrEqual(before + 2)
})
