import { formatCount } from '#lab/format.ts'
import { absenceWords, cpuLimit, cpuWords, memoryLimit, memoryWords, stateWords, pidsLimit, pidsWords, pressureWords, throttlingWords, isPressureMeasured } from '#lab/web/container-words.ts'
import { el, setAttribute, setText, shape } from '#lab/web/dom.ts'
import { shortName } from '#lab/web/order.ts'
import type { ContainerState, ContainerView, Hello } from '#lab/wire/live.ts'
import { createBar } from './bar.ts'
import { memoryParts } from './memory-parts.ts'

export interface Card {
  element: HTMLLIElement
  /** `view` null: a service of which nothing has been seen. */
  update (view: ContainerView | null, hello: Hello | null, isSelected: boolean): void
}

/** One container. Every value has its place from the beginning; only text and lengths change. */
export function createCard (name: string, onSelect: () => void): Card {
  const button = el('button', 'name', name)
  button.type = 'button'
  button.addEventListener('click', onSelect)
  const state = el('p', 'state')
  const memory = createLine('memory', createBar(['anon', 'file', 'kernel', 'rest']))
  const cpu = createLine('CPU', createBar(['used']))
  const pids = createLine('pids', createBar(['used']))
  const throttling = createFact('throttling')
  const pressure = createPressure()
  const restarts = createFact('restarts')
  const kills = createFact('OOM kills')
  const facts = el('dl', '', memory.element, cpu.element, pids.element, throttling.element, pressure.element, el('div', 'lives', restarts.element, kills.element))
  const element = el('li', 'card', el('div', 'top', button, state), facts)

  return {
    element,
    update (view, hello, isSelected) {
      setText(button, shortName(view?.name ?? name, hello?.project ?? ''))
      setAttribute(button, 'aria-pressed', String(isSelected))
      button.disabled = view === null
      setAttribute(element, 'data-selected', String(isSelected))
      showState(element, state, view ? stateWords(view.state) : absenceWords(hello), view?.state ?? 'gone')
      memory.update(view ? memoryWords(view) : '–', memoryBar(view, hello))
      cpu.update(view ? cpuWords(view) : '–', { parts: [view?.cpu.cores ?? 0], peak: null, limit: view && cpuLimit(view), scale: hello?.host.cpus ?? 1 })
      pids.update(view ? pidsWords(view) : '–', { parts: [view?.pids.current ?? 0], peak: view?.pids.peak ?? null, limit: view && pidsLimit(view), scale: 1000 })
      throttling.update(view === null || view.state === 'gone' ? '–' : throttlingWords(view.cpu), view?.cpu.throttling === 'throttled')
      pressure.update(view)
      restarts.update(formatCount(view?.restarts ?? null), false)
      kills.update(formatCount(view?.oomKills ?? null), (view?.oomKills ?? 0) > 0)
    }
  }
}

function showState (card: HTMLElement, host: HTMLElement, words: string, state: ContainerState): void {
  if (card.dataset['state'] === state && host.textContent === words) return
  card.dataset['state'] = state
  host.replaceChildren(shape(state), words)
}

function memoryBar (view: ContainerView | null, hello: Hello | null) {
  const parts = view && memoryParts(view.memory)
  return {
    parts: parts ? [parts.anonBytes, parts.fileBytes, parts.kernelBytes, parts.restBytes] : [0, 0, 0, view?.memory.currentBytes ?? 0],
    peak: view?.memory.peakBytes ?? null,
    limit: view && memoryLimit(view),
    scale: hello?.host.memoryBytes ?? 1
  }
}

/** Three resources, each a value below its name; or one answer for all three. */
function createPressure () {
  const resources = ['cpu', 'memory', 'io'] as const
  const values = resources.map(() => el('span', 'words'))
  const cells = el('dd', 'resources', ...resources.map((name, i) => el('span', 'resource', el('span', 'soft', name === 'cpu' ? 'CPU' : name), ' ', values[i]!)))
  const none = el('dd', 'words')
  const element = el('div', 'fact pressure', el('dt', '', 'pressure'), cells, none)
  return {
    element,
    update (view: ContainerView | null) {
      const isMeasured = view !== null && isPressureMeasured(view)
      cells.hidden = !isMeasured
      none.hidden = isMeasured
      setText(none, view === null || view.state === 'gone' ? '–' : 'not measured')
      if (isMeasured) for (const [i, name] of resources.entries()) setText(values[i]!, pressureWords(view.pressure[name]))
    }
  }
}

/** A name, the value in words, and the value as a bar. */
function createLine (name: string, bar: ReturnType<typeof createBar>) {
  const words = el('span', 'words', '–')
  const element = el('div', 'line', el('dt', '', name), el('dd', '', words, bar.element))
  return {
    element,
    update (text: string, view: Parameters<typeof bar.update>[0]) { setText(words, text); bar.update(view) }
  }
}

function createFact (name: string) {
  const words = el('dd', 'words', '–')
  const element = el('div', 'fact', el('dt', '', name), words)
  return {
    element,
    update (text: string, isHit: boolean) { setText(words, text); setAttribute(words, 'data-hit', String(isHit)) }
  }
}
