import { formatCores, formatLimitBytes } from '#lab/format.ts'
import { cpuLimit, memoryLimit } from '#lab/web/container-words.ts'
import { el } from '#lab/web/dom.ts'
import type { Beliefs, ContainerView } from '#lab/wire/live.ts'
import { beliefRows, containerOf, type BeliefRow } from './belief-rows.ts'
import './beliefs.css'

/**
 * What each Node process says about its machine, next to what its container may use. Drawn anew only when an answer
 * differs.
 */
export function createBeliefs (host: HTMLElement): { update (beliefs: Beliefs[] | null, containers: ContainerView[]): void } {
  const panel = el('div', 'panel beliefs', el('p', 'nothing', 'Nobody has answered yet.'))
  host.append(panel)
  let shown = ''

  return {
    update (beliefs, containers) {
      const asked = (beliefs ?? []).map(answer => ({ answer, container: containerOf(answer, containers) }))
      const state = JSON.stringify(asked.map(({ answer, container }) => [answer, container?.effective]))
      if (asked.length === 0 || state === shown) return
      shown = state
      panel.replaceChildren(table(asked))
    }
  }
}

interface Asked { answer: Beliefs, container: ContainerView | null }

function table (asked: Asked[]): HTMLElement {
  const head = el('tr', '', headCell('Asked', ''), ...asked.map(({ answer, container }) => headCell(answer.service, truthOf(container))))
  const caption = el('caption', 'hidden', 'What each Node process says, and whether it is right')
  return el('table', '', caption, el('thead', '', head), el('tbody', '', ...beliefRows.map(row => rowOf(row, asked))))
}

function headCell (title: string, truth: string): HTMLElement {
  const th = el('th', '', el('span', 'service', title), el('span', 'truth', truth))
  th.scope = 'col'
  return th
}

function truthOf (container: ContainerView | null): string {
  if (!container?.effective) return 'limits not known'
  const cpu = cpuLimit(container)
  const memory = memoryLimit(container)
  return `may use ${cpu === null ? 'every CPU' : `${formatCores(cpu)} CPUs`}, ${memory === null ? 'all memory' : formatLimitBytes(memory)}`
}

function rowOf (row: BeliefRow, asked: Asked[]): HTMLElement {
  const th = el('th', '', el('code', '', row.call), el('span', 'sentence', row.sentence))
  th.scope = 'row'
  return el('tr', '', th, ...asked.map(({ answer, container }) => {
    const { says, verdict, truth } = row.judge(answer, container)
    const td = el('td', '', el('span', 'says', says), el('span', 'verdict', el('strong', '', verdict), ` (${truth})`))
    td.dataset['verdict'] = verdict
    td.dataset['service'] = answer.service
    return td
  }))
}
