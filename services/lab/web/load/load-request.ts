/**
 * Turns what somebody typed into the body of POST /api/loads. Only what cannot be read is refused here; the lab checks
 * the bounds. Pure.
 */

export interface LoadFields {
  service: string
  /** Empty where the services are those of limits-lab, whose ports are known. */
  port: string
  path: string
  rates: string
  seconds: string
  connections: string
}

export interface LoadRequest {
  service: string
  port?: number
  path: string
  ratesPerSecond: number[]
  durationSeconds: number
  connections: number
}

export const firstFields: LoadFields = {
  service: 'api', port: '', path: '/work/cpu?ms=5', rates: '50', seconds: '20', connections: '100'
}

/** What a form begins with beside another project. */
export const firstBeside = { port: '80', path: '/' }

/** Half a CPU gives 5 ms of CPU time a hundred times a second. */
export const presets: Array<{ label: string, hint: string, fields: Partial<LoadFields> }> = [
  { label: 'below', hint: '5 ms of CPU, 60/s', fields: { service: 'api', path: '/work/cpu?ms=5', rates: '60' } },
  { label: 'above', hint: '5 ms of CPU, 120/s', fields: { service: 'api', path: '/work/cpu?ms=5', rates: '120' } },
  {
    label: 'in steps',
    hint: 'from 40/s to 120/s',
    fields: { service: 'api', path: '/work/cpu?ms=5', rates: '40, 60, 80, 100, 120', seconds: '50' }
  },
  {
    label: 'memory',
    hint: '8 MiB for 100 ms, 40/s',
    fields: { service: 'api', path: '/work/memory?mib=8&holdMs=100', rates: '40' }
  }
]

export type Read = { request: LoadRequest } | { faults: Partial<Record<keyof LoadFields, string>> }

export function readFields ({ service, port, path, rates, seconds, connections }: LoadFields): Read {
  const ratesPerSecond = rates.split(/[\s,;]+/).filter(part => part !== '').map(numberIn)
  const durationSeconds = numberIn(seconds)
  const count = numberIn(connections)
  const portNumber = port.trim() === '' ? undefined : numberIn(port)
  const faults: Partial<Record<keyof LoadFields, string>> = {
    ...(portNumber === null && { port: 'a port, such as 80 or 8000' }),
    ...(!/^\/\S*$/.test(path.trim()) && { path: 'a path begins with / and has no spaces' }),
    ...((ratesPerSecond.length === 0 || ratesPerSecond.includes(null)) && {
      rates: 'a number, or several: 20, 60, 100'
    }),
    ...(durationSeconds === null && { seconds: 'a number of seconds' }),
    ...(count === null && { connections: 'a whole number' })
  }
  if (Object.keys(faults).length > 0) return { faults }
  return {
    request: {
      service,
      ...(portNumber != null && { port: portNumber }),
      path: path.trim(),
      ratesPerSecond: ratesPerSecond as number[],
      durationSeconds: durationSeconds!,
      connections: count!
    }
  }
}

function numberIn (text: string): number | null {
  return /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : null
}
