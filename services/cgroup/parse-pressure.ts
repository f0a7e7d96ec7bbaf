/**
 * `cpu.pressure`, `memory.pressure`, `io.pressure`:
 *
 *     some avg10=55.94 avg60=31.04 avg300=8.42 total=27282061
 *     full avg10=52.49 avg60=29.40 avg300=8.01 total=26008038
 *
 * `avg*` is a percentage of the last 10, 60, 300 seconds; `total` is microseconds since the cgroup was made. The `full`
 * line of CPU is missing before kernel 5.13. Documentation/accounting/psi.rst.
 */
import { parseWhole, takeOrThrow, type TakeValue } from './parse.ts'
import type { Pressure, PressureLine } from './reading.ts'

const line = /^(some|full) avg10=(\d+\.\d+) avg60=(\d+\.\d+) avg300=(\d+\.\d+) total=(\d+)$/

/** Ignores lines other than `some` and `full`, and refuses one of these that is malformed. */
export function parsePressure (text: string, take: TakeValue = takeOrThrow): Pressure {
  const pressure: Pressure = { some: null, full: null }
  for (const part of text.split('\n')) {
    if (part.startsWith('some')) pressure.some = take('some', part, parseLine)
    else if (part.startsWith('full')) pressure.full = take('full', part, parseLine)
  }
  return pressure
}

function parseLine (text: string): PressureLine {
  const match = line.exec(text)
  if (match === null) throw new Error(`expected a line of pressure, got ${JSON.stringify(text)}`)
  return {
    avg10Percent: Number(match[2]),
    avg60Percent: Number(match[3]),
    avg300Percent: Number(match[4]),
    totalUs: parseWhole(match[5]!)
  }
}
