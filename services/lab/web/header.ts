import { formatCount, formatLimitBytes, formatBytes, formatTime } from '#lab/format.ts'
import type { Connection } from '#lab/web/state/state.ts'
import type { Hello, JobsView, Sample, SamplerView } from '#lab/wire/live.ts'
import { byId, setAttribute, setText } from './dom.ts'
import './header.css'

const words: Record<Connection, string> = {
  connecting: 'connecting',
  live: 'live',
  lost: 'connection lost, trying again',
  silent: 'connected, but nothing comes'
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
      showServices(byId('services'), connection, sample, jobs)
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

function showServices (host: HTMLElement, connection: Connection, sample: Sample | null, jobs: JobsView | null): void {
  const down = Object.entries(jobs?.services ?? {}).filter(([, reachability]) => reachability === 'down').map(([service]) => service)
  setAttribute(host, 'data-down', String(down.length > 0 && connection === 'live'))
  if (connection !== 'live' && sample) setText(host, `what you see is of ${formatTime(sample.at)}`)
  else if (!jobs || connection !== 'live') setText(host, 'services not known')
  else setText(host, down.length === 0 ? 'every service answers' : `down: ${down.join(', ')}`)
}

function formatHostMemory (bytes: number): string {
  return bytes % (1024 ** 3) === 0 ? formatLimitBytes(bytes) : formatBytes(bytes)
}
