import { formatBytes, formatLimitBytes, formatShare } from '#lab/format.ts'
import { memoryLimit } from '#lab/web/container-words.ts'
import { byId, el, headRow, keepChildren, setAttribute, setText } from '#lab/web/dom.ts'
import { shortName } from '#lab/web/order.ts'
import type { ContainerView } from '#lab/wire/live.ts'
import { reconcile, type ReconciliationRow } from './memory-parts.ts'
import './memory.css'

/** The memory of one container, added up step by step. */
export function createMemory (host: HTMLElement): { update (view: ContainerView | null, project: string): void } {
  const body = el('tbody')
  const caption = el('caption', 'hidden', 'What the memory of the selected container is made of')
  const head = headRow(['Name', 'Now', 'Of the limit', 'What it is'], title => ['Now', 'Of the limit'].includes(title))
  host.append(el('div', 'panel reconciled', el('table', '', caption, el('thead', '', head), body)))

  return {
    update (view, project) {
      const limit = view && memoryLimit(view)
      setText(byId('memory-of'), view ? titleWords(shortName(view.name, project), limit) : '')
      const rows = reconcile(view?.memory ?? nothing)
      for (const [i, row] of keepChildren(body, rows, ({ name }) => name, memoryRow).entries()) {
        const { bytes } = rows[i]!
        const [, now, share] = [...row.children] as [HTMLElement, HTMLElement, HTMLElement]
        setText(now, bytes === null ? 'not measured' : formatBytes(bytes).replace('-', '−'))
        setText(share, bytes === null || limit === null ? '' : formatShare(Math.max(0, bytes / limit)))
      }
    }
  }
}

function titleWords (name: string, limit: number | null): string {
  const limitWords = limit === null ? 'no limit' : `limit ${formatLimitBytes(limit)}`
  return `${name}, ${limitWords}. Select a card to see another container.`
}

function memoryRow ({ sign, name, sentence, isTotal }: ReconciliationRow): HTMLElement {
  const header = el('th', '', el('span', 'sign', sign), el('span', 'mono', name))
  header.scope = 'row'
  const row = el('tr', '', header, el('td', 'number'), el('td', 'number'), el('td', 'sentence', sentence))
  setAttribute(row, 'data-total', String(isTotal))
  return row
}

const nothing: ContainerView['memory'] = {
  currentBytes: null,
  peakBytes: null,
  peakFrom: null,
  workingSetBytes: null,
  anonBytes: null,
  fileBytes: null,
  kernelBytes: null,
  shmemBytes: null,
  activeFileBytes: null,
  inactiveFileBytes: null,
  swapCurrentBytes: null,
  shareOfLimit: null,
  limitHitsTotal: null
}
