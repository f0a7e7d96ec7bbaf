import type { ConnectionReport, TurnFigures } from '#lab/wire/load.ts'

/** With fewer of either, one slow start would be a verdict. */
const ENOUGH = 5
/**
 * Where containers of one service differ, or answers take very unlike times, some requests are overtaken on connections
 * of any age.
 */
const SHARE = 0.25
const TIMES = 5

/**
 * Did new connections get their turn? Latencies cannot tell: a connection is opened when all others are busy, so first
 * requests meet the slow moments of a server that is fair as well. In a fair one nobody overtakes them.
 */
export function connectionReport (figures: Omit<ConnectionReport, 'inTurn' | 'text'>): ConnectionReport {
  const { first, later } = figures
  const isEnough = Math.min(known(first), known(later)) >= ENOUGH
  const inTurn = isEnough ? overtakenShare(first) <= Math.max(SHARE, TIMES * overtakenShare(later)) : null
  return { inTurn, text: inTurn === null ? '' : textOf(inTurn, figures), ...figures }
}

function known ({ inTurn, overtaken }: TurnFigures): number { return inTurn + overtaken }

function overtakenShare (figures: TurnFigures): number { return figures.overtaken / known(figures) }

function textOf (inTurn: boolean, { first, later, connect }: Omit<ConnectionReport, 'inTurn' | 'text'>): string {
  const counts = `of ${known(first)} first requests on a connection ${first.overtaken} were overtaken, of ${known(later)} others ${later.overtaken}`
  if (inTurn) return `New connections were served in turn: ${counts}.`
  return `New connections waited while open ones were served (docs/overload.md): ${counts}. From being sent, the first took ${took(first)}, ` +
    `the others ${took(later)}; connecting took at most ${words(connect.maxMs)}.`
}

function took ({ latency: { p50Ms, maxMs } }: TurnFigures): string { return `${words(p50Ms)} (p50) and at most ${words(maxMs)}` }

/** Two digits: 4.3 ms, 490 ms, 15 s. */
function words (ms: number | null): string {
  if (ms === null) return 'not measured'
  return ms < 995 ? `${Number(ms.toPrecision(2))} ms` : `${Number((ms / 1000).toPrecision(2))} s`
}
