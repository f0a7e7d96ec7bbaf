import { formatCores, formatLimitBytes } from '#lab/format.ts'
import { cpuLimit, memoryLimit } from '#lab/web/container-words.ts'
import { el, headCell } from '#lab/web/dom.ts'
import type { Beliefs, ContainerView } from '#lab/wire/live.ts'
import { beliefRows, containerOf, type BeliefRow } from './belief-rows.ts'
import './beliefs.css'

/**
 * What each Node process reports about its machine, beside what its container may use. It is drawn again only when an
 * answer has changed.
 */
export function createBeliefs (
  host: HTMLElement
): { update (beliefs: Beliefs[] | null, containers: ContainerView[]): void } {
  const panel = el('div', 'panel beliefs', el('p', 'nothing', 'No process has answered yet.'))
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
  const services = asked.map(({ answer, container }) => titleCell(answer.service, truthOf(container)))
  const head = el('tr', '', titleCell('Question', ''), ...services)
  const caption = el('caption', 'hidden', 'What each Node process reports, and whether it is right')
  return el('table', '', caption, el('thead', '', head), el('tbody', '', ...beliefRows.map(row => rowOf(row, asked))))
}

function titleCell (title: string, truth: string): HTMLElement {
  return headCell('', el('span', 'service', title), el('span', 'truth', truth))
}

function truthOf (container: ContainerView | null): string {
  if (!container?.effective) return 'limits not known'
  const cpu = cpuLimit(container)
  const memory = memoryLimit(container)
  return `may use ${cpu === null ? 'all CPUs' : `${formatCores(cpu)} CPUs`}, ${memory === null ? 'all memory' : formatLimitBytes(memory)}`
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
