import type { RecordedContainer } from '#lab/wire/experiments.ts'
import { recorded, valueAt } from './recorded.ts'
import { key, LEFT, path, rect, RIGHT, svgOf, text } from './svg.ts'

const RUN = 'cpu-limit.v1'
const THREADS = 2
const US_PER_MS = 1000
/** Until then the job's process starts. */
const STARTS_S = 0.3

/** The averages of a run, for one period. */
export interface AveragePeriod {
  quotaMs: number
  periodMs: number
  /** Of all threads together. */
  usedMs: number
  /** Of each CPU. */
  throttledMs: number
  periods: number
  throttledPeriods: number
}

/** Over the samples in which the job's threads are busy from the first to the last moment. */
export function averagePeriod (container: RecordedContainer, from: number, to: number): AveragePeriod {
  const { cpuMax } = container.limits
  if (cpuMax === null || typeof cpuMax.quotaUs !== 'number') throw new Error(`${RUN} was recorded without a quota`)
  const rise = (name: Parameters<typeof valueAt>[1]) => valueAt(container, name, to) - valueAt(container, name, from)
  const periods = rise('nrPeriods')
  return {
    quotaMs: cpuMax.quotaUs / US_PER_MS,
    periodMs: cpuMax.periodUs / US_PER_MS,
    usedMs: rise('cpuUsageUs') / periods / US_PER_MS,
    throttledMs: rise('throttledUs') / periods / THREADS / US_PER_MS,
    periods,
    throttledPeriods: rise('nrThrottled')
  }
}

export function cfsPeriod (): string {
  const { container, phase } = recorded(RUN, 'worker')
  const { fromSeconds, toSeconds } = phase('action')
  const average = averagePeriod(
    container,
    container.atSeconds.findIndex(at => at > fromSeconds + STARTS_S),
    container.atSeconds.findLastIndex(at => at < toSeconds)
  )
  const { quotaMs, periodMs, usedMs, throttledMs, periods, throttledPeriods } = average
  const ranMs = usedMs / THREADS
  return svgOf({
    name: 'cfs-period',
    title: 'A CPU quota: the processes run, stop, and run again',
    description: 'Recorded in a run of the experiment cpu-limit. ' +
      `Two threads may use ${quotaMs} ms of CPU time in each period of ${periodMs} ms. ` +
      `They run side by side, ${Math.round(ranMs)} ms each on average; then the quota is used up and both are throttled, ` +
      `${Math.round(throttledMs)} ms on average, until the next period. ${throttledPeriods} of ${periods} periods were throttled. ` +
      `Below, over ${Math.round(container.atSeconds.at(-1)!)} seconds: the CPU time used in a period rises to the limit ` +
      `of ${quotaMs} ms when the job starts, stays there, and falls when it ends.`,
    height: 442,
    elements: [...strip(average), ...overTime(container, average, fromSeconds, toSeconds)]
  })
}

const LABEL = 78

/** Two periods, as they were on average. */
function strip ({ periodMs, usedMs, throttledMs, quotaMs }: AveragePeriod): string[] {
  const x = (ms: number) => LEFT + LABEL + ms / (2 * periodMs) * (RIGHT - LEFT - LABEL)
  const ranMs = usedMs / THREADS
  const segment = (fromMs: number, toMs: number, top: number, look: string) =>
    rect(x(fromMs), top, x(toMs) - x(fromMs), 26, look)
  const lane = (thread: number) => {
    const top = 56 + thread * 34
    return [
      text(LEFT, top + 18, `thread ${thread + 1}`),
      segment(0, 2 * periodMs, top, 'fill-track'),
      ...[0, periodMs].flatMap(start => [
        segment(start, start + ranMs, top, 'fill-used'),
        segment(start + periodMs - throttledMs, start + periodMs, top, 'throttled')
      ])
    ]
  }
  return [
    text(LEFT, 30, `Two periods of ${periodMs} ms, as they were on average`, { look: 'strong' }),
    ...lane(0), ...lane(1),
    ...[0, periodMs, 2 * periodMs].flatMap(ms => [
      path([[x(ms), 50], [x(ms), 124]], 'stroke stroke-ink'),
      text(x(ms), 142, ms === 0 ? '0' : `${ms} ms`, { anchor: ms === 2 * periodMs ? 'end' : 'middle', look: 'soft' })
    ]),
    ...key(LEFT, 170, 'fill-used', `ran: ${Math.round(usedMs)} ms together, of ${quotaMs} ms`),
    ...key(LEFT, 192, 'throttled', `throttled: ${Math.round(throttledMs)} ms each`),
    ...key(LEFT, 214, 'fill-track', 'neither of the two was counted')
  ]
}

const TOP = 280
const BOTTOM = 390

/** A bar lasts for two samples, half a second: a whole number of periods, each of which has its own quota. */
const SAMPLES = 2

function overTime (
  container: RecordedContainer, { quotaMs, periodMs }: AveragePeriod, startSeconds: number, endSeconds: number
): string[] {
  const { atSeconds } = container
  const ends = Math.ceil(atSeconds.at(-1)!)
  const x = (seconds: number) => LEFT + 40 + seconds / ends * (RIGHT - LEFT - 40)
  const y = (ms: number) => BOTTOM - ms / periodMs * (BOTTOM - TOP)
  const bar = (from: number) => {
    const [start, end] = [atSeconds[from]!, atSeconds[from + SAMPLES]!]
    const usedUs = valueAt(container, 'cpuUsageUs', from + SAMPLES) - valueAt(container, 'cpuUsageUs', from)
    const ms = usedUs / US_PER_MS / ((end - start) * 1000 / periodMs)
    return rect(x(start), y(ms), x(end) - x(start) - 1, BOTTOM - y(ms), 'fill-used')
  }
  // The sample before the job's start begins a bar.
  const first = atSeconds.findLastIndex(at => at <= startSeconds) % SAMPLES
  const bars = atSeconds.flatMap((_at, i) => i % SAMPLES === first && i + SAMPLES < atSeconds.length ? [bar(i)] : [])
  return [
    text(LEFT, 258, 'The same run: CPU time in a period, ms', { look: 'strong' }),
    ...[0, periodMs].map(ms => text(LEFT + 34, y(ms) + 5, String(ms), { anchor: 'end', look: 'soft' })),
    path([[x(0), y(periodMs)], [x(ends), y(periodMs)]], 'stroke stroke-line'),
    ...bars,
    path([[x(0), BOTTOM], [x(ends), BOTTOM]], 'stroke stroke-ink'),
    path([[x(0), y(quotaMs)], [x(ends), y(quotaMs)]], 'stroke stroke-limit'),
    text(LEFT + 34, y(quotaMs) + 5, String(quotaMs), { anchor: 'end', look: 'limit' }),
    text(x(0), y(quotaMs) - 8, 'limit', { look: 'limit' }),
    text(x(startSeconds), BOTTOM + 20, 'job starts', { anchor: 'middle' }),
    text(x(endSeconds), BOTTOM + 20, 'ends', { anchor: 'middle' }),
    text(RIGHT, BOTTOM + 40, `${ends} s`, { anchor: 'end', look: 'soft' }),
    text(x(0), BOTTOM + 40, '0 s', { look: 'soft' })
  ]
}
