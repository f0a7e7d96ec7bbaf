/**
 * Turns what somebody typed into the body of POST /api/sweeps. Only what cannot be read is refused here; the lab checks
 * the bounds. Pure.
 */
import type { SweepGoal, SweepWork } from '#lab/wire/sweep.ts'

export interface SweepFields {
  /** Which of the fields below describe the work: `service` and `path`, or `kind` and `params`. */
  work: string
  service: string
  /** Empty for our own services. */
  port: string
  path: string
  kind: string
  /** JSON; empty: the usual parameters of the kind. */
  params: string
  rate: string
  margin: string
  p99: string
  failed: string
  pressure: string
}

export interface SweepRequest {
  service?: string
  port?: number
  path?: string
  job?: { kind: string, params: Record<string, unknown> }
  ratePerSecond: number
  goal: SweepGoal
  marginShare: number
}

export const REQUESTS: SweepWork['kind'] = 'requests'
export const JOBS: SweepWork['kind'] = 'jobs'
/** Those that use something of which there is a limit. */
export const kinds = ['cpu', 'memory', 'file', 'processes'] as const

export const firstFields: SweepFields = {
  work: REQUESTS,
  service: 'api',
  port: '',
  path: '/work/cpu?ms=5',
  kind: 'memory',
  params: '{"mib": 64, "holdMs": 200}',
  rate: '40',
  margin: '20',
  p99: '250',
  failed: '0.1',
  pressure: '10'
}

/** Each is complete, so that what was typed before does not mix with it. */
export const presets: Array<{ label: string, hint: string, fields: SweepFields }> = [
  { label: 'CPU', hint: '5 ms of CPU, 40/s', fields: firstFields },
  { label: 'memory', hint: '8 MiB for 100 ms, 20/s', fields: { ...firstFields, path: '/work/memory?mib=8&holdMs=100', rate: '20', p99: '500' } },
  {
    label: 'jobs, CPU',
    hint: '100 ms of CPU, 2/s',
    fields: { ...firstFields, work: JOBS, kind: 'cpu', params: '{"ms": 100, "threads": 1}', rate: '2', p99: '2000' }
  },
  { label: 'jobs, memory', hint: '64 MiB for 200 ms, 1/s', fields: { ...firstFields, work: JOBS, rate: '1', p99: '2000' } }
]

export type Faults = Partial<Record<keyof SweepFields, string>>
export type Read = { request: SweepRequest } | { faults: Faults }

export function readFields (fields: SweepFields): Read {
  const { work, service, path, kind, params } = fields
  const port = fields.port.trim() === '' ? undefined : numberIn(fields.port)
  const [rate, p99Ms] = [numberIn(fields.rate), numberIn(fields.p99)]
  const [failed, pressure, margin] = [shareIn(fields.failed), shareIn(fields.pressure), shareIn(fields.margin)]
  const parsed = work === JOBS ? objectIn(params) : {}
  const faults: Faults = {
    ...(work === REQUESTS && !/^\/\S*$/.test(path.trim()) && { path: 'a path begins with / and has no spaces' }),
    ...(port === null && { port: 'a port, such as 80 or 8000' }),
    ...(parsed === null && { params: 'an object in JSON: {"mib": 64}' }),
    ...(rate === null && { rate: 'a number' }),
    ...(margin === null && { margin: 'a number' }),
    ...(p99Ms === null && { p99: 'a number' }),
    ...(failed === null && { failed: 'a number' }),
    ...(pressure === null && { pressure: 'a number' })
  }
  if (Object.keys(faults).length > 0) return { faults }
  return {
    request: {
      ...(work === REQUESTS
        ? { service, ...(port != null && { port }), path: path.trim() }
        : { job: { kind, params: parsed! } }),
      ratePerSecond: rate!,
      goal: { p99Ms: p99Ms!, maxFailedShare: failed!, maxPressureShare: pressure! },
      marginShare: margin!
    }
  }
}

function numberIn (text: string): number | null {
  return /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : null
}

/** From percent. */
function shareIn (text: string): number | null {
  const percent = numberIn(text.replace('%', ''))
  return percent === null ? null : percent / 100
}

function objectIn (text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text.trim() === '' ? '{}' : text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
