import type { Extent } from '#cgroup/cgroup.ts'
import { cgroupAt } from '#cgroup/locate.ts'
import type { CgroupVersion, Reading } from '#cgroup/reading.ts'
import { realTime, Ticker, type Time } from '#lab/clock.ts'
import { EventLog } from '#lab/events.ts'
import type { DecidedKill, Requirement, Sample, SamplerView } from '#lab/wire/live.ts'
import type { Log } from '#shared/process/log.ts'
import { faultLog } from '#shared/process/own-cgroup.ts'
import { Discovery } from './containers/discovery.ts'
import type { Dns } from './containers/engine-dns.ts'
import type { Project } from './containers/project-look-up.ts'
import { Roster } from './containers/roster.ts'
import { containerSource, versionOf } from './containers/source.ts'
import type { WatchedContainer } from './containers/watched.ts'
import { Alarm } from './oom/alarm.ts'
import { HostBell, NoticeBell, type Bell } from './oom/bell.ts'
import { OomWatch } from './oom/watch.ts'
import { Witnesses } from './oom/witness.ts'
import { History, sizeOf } from './sampling/history.ts'
import { Sampler } from './sampling/sampler.ts'

/** How often the tree is scanned for containers that appeared or disappeared. */
const SCANS_PER_SECOND = 4

interface Settings {
  /** Where the host's cgroups are mounted. */
  cgroupRoot: string
  /** As `LAB_CGROUP`. */
  cgroup: string
  /** Those of the lab's own stack; empty where it is attached to another one. */
  services: string[]
  project: string
  attached: Project | null
  /** Samples per second. */
  hz: number
  keepSeconds: number
  maxContainers: number
}

interface Deps {
  /** A container of this service is watched. */
  onFound: (service: string) => void
  onKills: (service: string, oom: DecidedKill) => void
  onRestart: (service: string) => void
  log: Log
}

/** What a test replaces. */
interface Surroundings { time?: Time, dns?: Dns, proc?: string }

/** Something that uses the samples while it is watching. */
export interface Watcher {
  isWatching: () => boolean
  /** Called after every sample, also while it is not watching. */
  onSample: () => void
}

/** Core files only, unless someone is watching. (Why: docs/decisions/0007-a-sample-reads-what-is-kept.md) */
export function extentOfSample (watchers: Watcher[]): Extent {
  return watchers.some(watcher => watcher.isWatching()) ? 'shown' : 'core'
}

/** Finds the containers of the stack, samples them, and remembers what happened to them. */
export class Observer {
  /** `null`: the lab sees no cgroups, so nothing is measured. */
  readonly cgroupVersion: CgroupVersion | null
  /** Whether there are cgroups to read. */
  readonly isMeasuring: boolean
  readonly events: EventLog
  readonly history: History
  /** Its counts show whether sampling keeps up. */
  readonly sampling: Ticker
  readonly #scanning: Ticker
  readonly #discovery: Discovery
  readonly #roster: Roster
  readonly #sampler: Sampler
  readonly #alarm: Alarm
  readonly #bell: Bell
  readonly #watchers: Watcher[] = []
  readonly #services: string[]

  constructor (
    settings: Settings,
    { onFound, onKills, onRestart, log }: Deps,
    { time = realTime, dns, proc = '/proc' }: Surroundings = {}
  ) {
    const { cgroupRoot, services, hz, keepSeconds, maxContainers } = settings
    this.#services = services
    this.cgroupVersion = versionOf(cgroupRoot, log)
    const source = containerSource(settings, this.cgroupVersion, log, { dns, nowMs: time.nowMs })
    this.isMeasuring = source !== null

    const { every, entries } = sizeOf(hz, keepSeconds)
    const events = this.events = new EventLog(() => time.moment().atMs)
    const history = this.history = new History(entries)
    const onFault = faultLog(log)
    const roster = this.#roster = new Roster(
      { open: path => cgroupAt(cgroupRoot, path, proc, onFault), history },
      { containers: maxContainers, keepMs: keepSeconds * 1000 })

    const witnesses = new Witnesses(cgroupRoot, this.versionOfContainers, proc)
    const oom = new OomWatch({ witnessOf: path => witnesses.of(path), events, after: time.after, onKills })
    const sampler = this.#sampler = new Sampler(
      { roster, history, oom, events, log, onRestart, now: time.moment }, { services, historyEvery: every })
    const discovery = this.#discovery = new Discovery({
      identify: async id => source?.identify(id) ?? null,
      isKnown: id => roster.has(id),
      adopt: found => {
        const isWatched = sampler.adopt(found)
        if (isWatched) onFound(found.service)
        return isWatched
      },
      nowMs: time.nowMs
    })

    this.#scanning = new Ticker(
      'looking for containers',
      SCANS_PER_SECOND,
      () => discovery.see(source?.list() ?? []),
      log,
      time
    )
    this.sampling = new Ticker('taking a sample', hz, () => this.#takeSample(), log, time)

    const alarm = this.#alarm = new Alarm({ look: () => sampler.takeKilled(extentOfSample(this.#watchers)), time })
    const ring = () => alarm.ring()
    this.#bell = this.versionOfContainers === 'v2'
      ? new NoticeBell(cgroupRoot, ring, log)
      : new HostBell(witnesses.of('').kills, ring, log, time)
  }

  /** For questions about containers only. Without a tree of cgroups there are none, and either answer will do. */
  get versionOfContainers (): CgroupVersion { return this.cgroupVersion ?? 'v2' }
  /** What experiments cannot use because the lab does not see it. */
  get missing (): Requirement[] { return this.cgroupVersion === null ? ['cgroups'] : [] }

  /** All that are watched, also those that ended within the time that is kept. */
  get containers (): Iterable<WatchedContainer> { return this.#roster.all }
  /** The names of the services: of those that are to be there, or else of those that were found. */
  get services (): string[] { return this.#services.length > 0 ? this.#services : this.#roster.services }
  /** How many containers of the host are not of the stack. */
  get strangers (): number { return this.#discovery.strangers }
  /** How many containers could not be read, or only in part. */
  get unreadable (): number { return this.#sampler.unreadable }
  /** Learned from the names of containers; empty while there are none. */
  get project (): string { return this.#roster.project }

  /** Watchers are called in the order in which they were added. */
  add (watcher: Watcher): void { this.#watchers.push(watcher) }

  start (): void {
    this.#scanning.start()
    this.sampling.start()
    this.#bell.start()
  }

  stop (): void {
    this.#bell.stop()
    this.#alarm.stop()
    this.sampling.stop()
    this.#scanning.stop()
  }

  /** Closes the files of all containers. */
  close (): void { this.#roster.close() }

  /** The newest sample as it is sent. */
  sample (): Sample { return this.#sampler.view() }

  /** The newest reading of a container, of this extent if that can be read. `null`: it was never read. */
  newest (watched: WatchedContainer, extent: Extent): Reading | null { return this.#sampler.newest(watched, extent) }

  /** Whether a container of the service is present, and not known to be empty. */
  isPresent (service: string): boolean { return this.#roster.isPresent(service) }

  /** Rejects when there has been no sample for a while. */
  check (): Promise<void> { return this.#sampler.check() }

  /** How the sampler itself keeps up. */
  samplerView (): SamplerView {
    const { hz, doneTotal, missedTotal, driftMs } = this.sampling
    return {
      hz,
      samplesTotal: doneTotal,
      missedTotal,
      driftMs: Math.round(driftMs * 100) / 100,
      containers: this.#roster.presentCount,
      strangers: this.strangers
    }
  }

  #takeSample (): void {
    this.#sampler.take(extentOfSample(this.#watchers))
    this.#bell.follow(this.#roster.all)
    for (const watcher of this.#watchers) watcher.onSample()
  }
}
