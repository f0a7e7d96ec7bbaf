import { formatMs, plain } from '#lab/format.ts'
import type { ConnectionReport, TurnFigures } from '#lab/wire/load.ts'

type Figures = Omit<ConnectionReport, 'inTurn' | 'text'>

/** With fewer first or later requests than this, one slow start would decide. */
const ENOUGH = 5
/**
 * If containers of a service differ, or answers take very different times, some requests are overtaken on connections
 * of any age. So first requests must be overtaken often, and several times as often as later ones.
 */
const TOLERATED_SHARE = 0.25
const TOLERATED_RATIO = 5

/**
 * Did new connections get their turn? Latencies cannot answer this: a connection is opened when all others are busy, so
 * first requests meet the slow moments of a fair server too. But in a fair server nothing overtakes them.
 */
export function connectionReport (figures: Figures): ConnectionReport {
  const { first, later } = figures
  const isEnough = Math.min(known(first), known(later)) >= ENOUGH
  const tolerated = Math.max(TOLERATED_SHARE, TOLERATED_RATIO * overtakenShare(later))
  const inTurn = isEnough ? overtakenShare(first) <= tolerated : null
  return { inTurn, text: inTurn === null ? '' : plain(textOf(inTurn, figures)), ...figures }
}

function known ({ inTurn, overtaken }: TurnFigures): number { return inTurn + overtaken }

function overtakenShare (figures: TurnFigures): number { return figures.overtaken / known(figures) }

function textOf (inTurn: boolean, { first, later, connect }: Figures): string {
  const counts = `${first.overtaken} of ${known(first)} first requests on a connection were overtaken, ` +
    `and ${later.overtaken} of ${known(later)} others`
  if (inTurn) return `New connections were served in turn: ${counts}.`
  return `New connections waited while open ones were served (docs/overload.md): ${counts}. From being sent, first requests ` +
    `took ${took(first)}, the others ${took(later)}; connecting took at most ${formatMs(connect.maxMs)}.`
}

function took ({ latency: { p50Ms, maxMs } }: TurnFigures): string {
  return `${formatMs(p50Ms)} (p50) and at most ${formatMs(maxMs)}`
}
