import { formatCount, formatLimitBytes, formatBytes, formatTime } from '#lab/format.ts'
import type { Connection } from '#lab/web/state/state.ts'
import type { Hello, JobsView, Sample, SamplerView } from '#lab/wire/live.ts'
import { isAttached } from './container-words.ts'
import { byId, el, setAttribute, setText, shape } from './dom.ts'
import './header.css'

const words: Record<Connection, string> = {
  connecting: 'connecting',
  live: 'live',
  lost: 'connection lost, trying again',
  silent: 'connected, but nothing arrives'
}

export interface HeaderView {
  connection: Connection
  hello: Hello | null
  sample: Sample | null
  jobs: JobsView | null
  sampler: SamplerView | null
}

export function createHeader (host: HTMLElement): { update (view: HeaderView): void } {
  const connectionWords = host.querySelector('#connection .words')!

  return {
    update ({ connection, hello, sample, jobs, sampler }) {
      setAttribute(byId('connection'), 'data-state', connection)
      setText(connectionWords, words[connection])
      showServices(byId('services'), { connection, hello, sample, jobs })
      if (hello) {
        setText(byId('fact-cgroup'), hello.cgroupVersion ?? 'none seen')
        setText(byId('fact-cpus'), formatCount(hello.host.cpus))
        setText(byId('fact-memory'), formatHostMemory(hello.host.memoryBytes))
        setText(byId('fact-hz'), String(sampler?.hz ?? hello.hz))
      }
      if (sampler) setText(byId('fact-missed'), formatCount(sampler.missedTotal))
    }
  }
}

function showServices (host: HTMLElement, { connection, hello, sample, jobs }: Omit<HeaderView, 'sampler'>): void {
  const services = Object.entries(jobs?.services ?? {})
  const down = services.filter(([, reachability]) => reachability === 'down').map(([service]) => service)
  setAttribute(host, 'data-down', String(down.length > 0 && connection === 'live'))
  if (connection !== 'live' && sample) setText(host, `showing values of ${formatTime(sample.at)}`)
  else if (isAttached(hello)) setText(host, `attached to ${hello!.project}`)
  else if (!jobs || connection !== 'live') setText(host, 'services not known')
  else setText(host, down.length === 0 ? 'every service answers' : `down: ${down.join(', ')}`)
}

function formatHostMemory (bytes: number): string {
  return bytes % (1024 ** 3) === 0 ? formatLimitBytes(bytes) : formatBytes(bytes)
}

/** What is running, an experiment, a sweep or a load, and where to see it. */
export interface Activity { title: string, href: string }

/**
 * Shows in every view what is running, with a link to it. Screen readers read it out once, when it begins; its progress
 * is shown in its own view.
 */
export function createActivity (host: HTMLElement): { update (activity: Activity | null): void } {
  const link = el('a')
  const words = el('span', '', shape('running'), 'running: ', link)

  return {
    update (activity) {
      if (activity === null) {
        host.replaceChildren()
        return
      }
      setText(link, activity.title)
      if (link.getAttribute('href') !== activity.href) link.href = activity.href
      if (!words.isConnected) host.replaceChildren(words)
    }
  }
}
