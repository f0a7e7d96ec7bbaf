import { setTimeout as delay } from 'node:timers/promises'
import type { Figure } from './figures.ts'
import { docker, type Stack } from './stack.ts'

const SETTLE_MS = 10_000
const UNITS: Record<string, number> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }

/** The working set at rest, as `docker stats` shows it: usage minus inactive page cache. */
export async function idleMemoryFigures (stack: Stack): Promise<Figure[]> {
  await delay(SETTLE_MS)
  const ids = (await stack.compose('ps', '-q')).trim().split('\n')
  const lines = (await docker('stats', '--no-stream', '--format', '{{.Name}} {{.MemUsage}}', ...ids)).split('\n')
  return lines.sort().map(line => {
    const [, name, used] = /^(\S+) (\S+) \//.exec(line)!
    return {
      what: `idle working set of ${name!.replace(`${stack.project}-`, '').replace(/-\d+$/, '')}`,
      value: toMib(used!),
      unit: 'MiB'
    }
  })
}

function toMib (text: string): number {
  const [, number, unit] = /^([\d.]+)(\w+)$/.exec(text)!
  return Number(number) * UNITS[unit!]! / UNITS.MiB!
}
