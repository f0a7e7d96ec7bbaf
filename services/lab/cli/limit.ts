import type { ChangedService, LimitsView, LimitValue } from '#lab/wire/limits.ts'
import { askLab } from './ask.ts'
import { readNumber, readOptions, readSeconds, UsageError, type Command } from './command.ts'
import { layOut } from './rows.ts'

export const limitCommand: Command = {
  name: 'limit',
  synopsis: 'limit [SERVICE --memory 128M --cpus 0.25 --pids 64 [--for 60s] [--even-below-use] | SERVICE --put-back] [--json]',
  help: `
limit: changes limits of a service while it runs, or lists those that are changed
  --memory          bytes, or 64K, 128M, 1G; swap changes with it
  --cpus            CPUs
  --pids            tasks
  --for             puts it back after this time; otherwise it stays until it is put back, or the lab ends
  --even-below-use  also if the container uses more than that now, which may kill its processes
  --put-back        all limits as compose.yaml says
  --json            the answer as JSON`,
  run: async (args, { url, terminal }) => {
    const { request, json } = readLimitOptions(args)
    if (request !== null) await askLab(`${url}/api/limits`, { method: 'POST', body: request })
    const view = await askLab<LimitsView>(`${url}/api/limits`)
    terminal.print(json ? `${JSON.stringify(view)}\n` : limitsText(view))
    return 0
  }
}

/** The body of POST /api/limits, or `null` to list what is changed. @throws UsageError */
export function readLimitOptions (args: string[]): { request: object | null, json: boolean } {
  const { values, words: [service] } = readOptions(args, {
    memory: { type: 'string' },
    cpus: { type: 'string' },
    pids: { type: 'string' },
    for: { type: 'string' },
    'even-below-use': { type: 'boolean' },
    'put-back': { type: 'boolean' },
    json: { type: 'boolean' }
  }, 1)
  const { memory, cpus, pids, for: time, json = false } = values
  const isChange = [memory, cpus, pids].some(value => value !== undefined)
  const isPutBack = values['put-back'] === true
  if (service === undefined) {
    if (isChange || isPutBack) throw new UsageError('limit needs the name of a service')
    return { request: null, json }
  }
  if (isChange === isPutBack) throw new UsageError('limit needs either --memory, --cpus or --pids, or --put-back')
  if (isPutBack) return { request: { service, memoryBytes: null, cpus: null, pids: null }, json }
  return {
    request: {
      service,
      ...(memory !== undefined && { memoryBytes: readBytes('--memory', memory) }),
      ...(cpus !== undefined && { cpus: readNumber('--cpus', cpus) }),
      ...(pids !== undefined && { pids: readNumber('--pids', pids) }),
      ...(time !== undefined && { forSeconds: readSeconds('--for', time) }),
      ...(values['even-below-use'] && { evenBelowUse: true })
    },
    json
  }
}

const units: Record<string, number> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

/** As Docker writes sizes: `128M` and `128m` are MiB. @throws UsageError */
export function readBytes (name: string, text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([kmg]?)(?:i?b)?$/i.exec(text) ?? []
  if (amount === undefined) throw new UsageError(`${name}: expected a size like 64M or 1G, got ${JSON.stringify(text)}`)
  return Math.round(Number(amount) * units[unit!.toLowerCase()]!)
}

/** A row for each service that is changed. */
export function limitsText ({ changed }: LimitsView): string {
  if (changed.length === 0) return 'All limits are those of compose.yaml.\n'
  const rows = changed.map(rowOf)
  return `${layOut([['SERVICE', 'MEMORY', 'CPUS', 'TASKS', 'CHANGED BY', 'PUT BACK'], ...rows], () => true)}\n`
}

function rowOf ({ service, now, before, by, until, fault }: ChangedService): string[] {
  const shown = (a: LimitValue, b: LimitValue, text: (value: LimitValue) => string): string =>
    a === b ? text(a) : `${text(b)} → ${text(a)}`
  return [
    service,
    shown(now.memoryBytes, before.memoryBytes, memoryText),
    shown(now.cpus, before.cpus, String),
    shown(now.pids, before.pids, String),
    by,
    fault ?? until ?? 'when asked to'
  ]
}

function memoryText (value: LimitValue): string {
  return value === 'max' ? value : `${Math.round(value / 1024 / 1024 * 10) / 10} MiB`
}
