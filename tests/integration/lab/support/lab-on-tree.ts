import type { Dns } from '#lab/observing/containers/engine-dns.ts'
import { Observer } from '#lab/observing/observer.ts'
import { capturedLog } from '#support/captured-log.ts'
import { FakeTime } from '../../../unit/lab/support/fakes.ts'

const PERIOD_MS = 250
/** After this part of a period its sample is taken, and a kill that was seen in it is reported. */
const REST_MS = 200

/** The lab's observer on a tree of our own. Only DNS and the clock are fake. */
export function labOnTree (root: string, dns: Dns, { proc = '/proc', containers = 128, isWatched = true } = {}) {
  const time = new FakeTime()
  const { log, lines } = capturedLog()
  const settings = {
    cgroupRoot: root,
    cgroup: '',
    services: ['api', 'worker'],
    project: '',
    attached: null,
    hz: 4,
    keepSeconds: 60,
    maxContainers: containers
  }
  const deps = { onFound: () => {}, onKills: () => {}, onRestart: () => {}, log }
  const observer = new Observer(settings, deps, { time, dns, proc })
  observer.add({ isWatching: () => isWatched, onSample: () => {} })

  let isStarted = false
  const start = async () => {
    if (isStarted) return
    isStarted = true
    observer.start()
    await time.advanceSlowly(REST_MS)
  }
  /** A quarter of a second: the containers are looked for, and then sampled. */
  const tick = async (times = 1) => {
    await start()
    for (let i = 0; i < times; i++) await time.advanceSlowly(PERIOD_MS)
  }
  /** Lets this many milliseconds pass, during which a sample need not be due. */
  const pass = (ms: number) => time.advanceSlowly(ms)
  const names = () => observer.sample().containers.map(({ name, state }) => `${name} ${state}`)
  return { tick, pass, observer, events: observer.events, lines, names }
}

/** A DNS that knows these containers: the first digits of the id → `<project>-<service>-<number>`. */
export function dnsOf (containers: Map<string, string>): Dns {
  const addressOf = (i: number) => `10.0.${i >> 8}.${i & 255}`
  const entries = () => [...containers].map(([id, name], i) =>
    ({ alias: id.slice(0, 12), name, service: name.split('-')[1]!, address: addressOf(i) }))
  return {
    addressesOf: async asked => entries()
      .filter(({ alias, service }) => asked === alias || asked === service)
      .map(({ address }) => address),
    namesOf: async asked => entries().filter(({ address }) => address === asked).map(({ name }) => `${name}.lab_back`)
  }
}
