import { cgroupAt } from '#cgroup/locate.ts'
import { detectVersion } from '#cgroup/mounts.ts'
import { EventLog } from '#lab/events.ts'
import { ClosedDirectories } from '#lab/observing/containers/closed-directories.ts'
import { Discovery } from '#lab/observing/containers/discovery.ts'
import type { Dns } from '#lab/observing/containers/engine-dns.ts'
import { LookUp } from '#lab/observing/containers/look-up.ts'
import { Roster } from '#lab/observing/containers/roster.ts'
import { Tree } from '#lab/observing/containers/tree.ts'
import { OomWatch } from '#lab/observing/oom/watch.ts'
import { Witnesses } from '#lab/observing/oom/witness.ts'
import { History } from '#lab/observing/sampling/history.ts'
import { Sampler } from '#lab/observing/sampling/sampler.ts'
import { faultLog } from '#shared/process/own-cgroup.ts'
import { capturedLog } from '#support/captured-log.ts'

/** Everything of the lab between the files and HTTP, on a tree of our own; only DNS and the clock are made up. */
export function labOnTree (root: string, dns: Dns, { proc = '/proc', containers = 128 } = {}) {
  let nowMs = 0
  const { log, lines } = capturedLog()
  const history = new History(100)
  const onFault = faultLog(log)
  const closed = new ClosedDirectories(log)
  const roster = new Roster({ open: path => cgroupAt(root, path, proc, onFault), history }, { containers, keepMs: 60_000 })
  const events = new EventLog(() => nowMs)
  const witnesses = new Witnesses(root, detectVersion(root), proc)
  const oom = new OomWatch({ witnessOf: path => witnesses.of(path), events, after: (_ms, run) => run(), onKills: () => {} })
  const sampler = new Sampler(
    { roster, history, oom, events, log, onRestart: () => {}, now: () => ({ atMs: nowMs, monotonicMs: nowMs }) },
    { services: ['api', 'worker'], historyEvery: 1 })
  const lookUp = new LookUp(dns, ['api', 'worker'], '', () => nowMs)
  const discovery = new Discovery({ identify: id => lookUp.identify(id), isKnown: id => roster.has(id), adopt: found => sampler.adopt(found), nowMs: () => nowMs })
  const tree = new Tree(root, () => nowMs, met => closed.report(met))

  /** A quarter of a second: look for containers, then read them. */
  const tick = async (times = 1) => {
    for (let i = 0; i < times; i++) {
      nowMs += 250
      discovery.see(tree.list())
      await new Promise(resolve => { setImmediate(resolve) })
      sampler.take('shown')
    }
  }
  return { tick, sampler, discovery, roster, events, lines, names: () => sampler.view().containers.map(({ name, state }) => `${name} ${state}`) }
}

/** A DNS that knows these containers: the first digits of the id → `<project>-<service>-<number>`. */
export function dnsOf (containers: Map<string, string>): Dns {
  const addressOf = (i: number) => `10.0.${i >> 8}.${i & 255}`
  const entries = () => [...containers].map(([id, name], i) => ({ alias: id.slice(0, 12), name, service: name.split('-')[1]!, address: addressOf(i) }))
  return {
    addressesOf: async asked => entries().filter(({ alias, service }) => asked === alias || asked === service).map(({ address }) => address),
    namesOf: async asked => entries().filter(({ address }) => address === asked).map(({ name }) => `${name}.lab_back`)
  }
}
