/** A kill by the real kernel, in a cgroup made for it, on whichever version of cgroups this host has. */
import { spawn, type ChildProcess } from 'node:child_process'
import { afterEach, expect, test } from '@jest/globals'
import { Observer } from '#lab/observing/observer.ts'
import { CgroupTree } from '#scripts/start/cgroup-tree.ts'
import { openTree } from '#scripts/start/open-tree.ts'
import { capturedLog } from '#support/captured-log.ts'
import { until } from '#support/until.ts'

const MIB = 2 ** 20
const HZ = 0.25
const opened = openTree(`limits-lab-kills-${process.pid}`)
const withCgroups = opened instanceof CgroupTree ? test : test.skip

/** Enters a cgroup, waits for a line, and then has a child that takes all memory there is. */
const SCRIPT = 'for file in "$@"; do echo $$ > "$file"; done; read -r go; tail /dev/zero; read -r end'

let observer: Observer | null = null
let shell: ChildProcess | null = null

afterEach(async () => {
  observer?.stop()
  observer?.close()
  shell?.kill('SIGKILL')
  if (opened instanceof CgroupTree) await opened.removeAll()
})

function observe (tree: CgroupTree): Observer {
  const settings = {
    cgroupRoot: '/sys/fs/cgroup',
    cgroup: tree.path,
    services: ['api'],
    project: '',
    attached: null,
    hz: HZ,
    keepSeconds: 60,
    maxContainers: 8
  }
  return new Observer(settings, { onFound: () => {}, onKills: () => {}, onRestart: () => {}, log: capturedLog().log })
}

withCgroups('a kill by the kernel is told between two samples, and is a child\'s by the next one', async () => {
  const tree = opened as CgroupTree
  await tree.claim()
  const entries = await tree.make('limits-lab-api-1', { cpus: null, memoryBytes: 32 * MIB, pids: null })
  const { stdin } = shell = spawn('sh', ['-c', SCRIPT, 'sh', ...entries], { stdio: ['pipe', 'ignore', 'ignore'] })
  const lab = observer = observe(tree)
  lab.start()
  const sampled = () => lab.sample().containers.some(({ memory }) => memory.currentBytes !== null)
  await until(sampled, { what: 'a sample of the container', timeoutMs: 15_000 })

  const { seq } = lab.sample()
  stdin!.write('go\n')
  const told = await until(() => lab.events.all()[0], { what: 'the kill to be told', timeoutMs: 15_000 })
  expect(lab.sample().seq).toBe(seq)
  expect(told).toMatchObject({ kind: 'oom_kill', service: 'api', oom: { kills: 1, victim: null } })

  await until(() => lab.sample().seq > seq, { what: 'the next sample', timeoutMs: 15_000 })
  expect(lab.events.all()).toMatchObject([{ id: told!.id, oom: { kills: 1, victim: 'child' } }])
  expect(lab.sample().containers).toMatchObject([{ oomKills: 1 }])
}, 60_000)
