import { formatCount, NOTHING } from '#lab/format.ts'
import {
  absenceWords, cpuLimit, cpuWords, isPressureMeasured, memoryLimit, memoryWords, pidsLimit, pidsWords, pressureWords,
  stateWords, throttlingWords
} from '#lab/web/container-words.ts'
import { el, setAttribute, setText, shape } from '#lab/web/dom.ts'
import { experimentOn } from '#lab/web/learn/about.ts'
import { chapterLink, type Why } from '#lab/web/learn/why.ts'
import { shortName } from '#lab/web/order.ts'
import type { ContainerView, Hello } from '#lab/wire/live.ts'
import type { LimitsView } from '#lab/wire/limits.ts'
import { createBar, type Bar, type BarView } from './bar.ts'
import { createKnobs } from './knobs.ts'
import { memoryParts } from './memory-parts.ts'

export interface Card {
  element: HTMLLIElement
  /** What it says of the state, or that there is a container at all, has changed since it was drawn. */
  isOld (view: ContainerView | null): boolean
  /** `view` null: the service has not been seen. */
  update (view: ContainerView | null, hello: Hello | null, limits: LimitsView | null, isSelected: boolean): void
}

/**
 * One container. Every value has its place from the beginning; only texts and lengths change. `why` finds the chapter
 * to which its state leads.
 */
export function createCard (name: string, why: Why, onSelect: () => void): Card {
  const button = el('button', 'name', name)
  button.type = 'button'
  button.addEventListener('click', onSelect)
  const state = el('p', 'state')
  const usage = createUsage()
  const facts = createFacts()
  const list = el('dl', '', ...usage.elements, ...facts.elements)
  const knobs = createKnobs()
  const element = el('li', 'card', el('div', 'top', button, state), list, knobs.element)

  return {
    element,
    isOld: view => element.dataset['state'] !== (view?.state ?? 'gone') || button.disabled !== (view === null),
    update (view, hello, limits, isSelected) {
      setText(button, shortName(view?.name ?? name, hello?.project ?? ''))
      setAttribute(button, 'aria-pressed', String(isSelected))
      button.disabled = view === null
      setAttribute(element, 'data-selected', String(isSelected))
      showState(element, state, view ? stateWords(view.state) : absenceWords(hello), view, why)
      usage.update(view, hello)
      facts.update(view)
      knobs.update(view, hello, limits)
    }
  }
}

/** A state that comes from a limit is a link to the chapter that explains it. */
function showState (card: HTMLElement, host: HTMLElement, words: string, view: ContainerView | null, why: Why): void {
  const state = view?.state ?? 'gone'
  const about = view && experimentOn(view)
  const chapter = about === null ? null : why(about)
  const key = `${state} ${words} ${chapter?.slug ?? ''}`
  if (host.dataset['key'] === key) return
  host.dataset['key'] = key
  card.dataset['state'] = state
  if (chapter === null) host.replaceChildren(shape(state), words)
  else host.replaceChildren(shape(state), el('span', '', words), chapterLink(chapter))
}

/** The three resources that have limits, each in words and as a bar. */
function createUsage () {
  const memory = createLine('memory', createBar(['anon', 'file', 'kernel', 'rest']))
  const cpu = createLine('CPU', createBar(['used']))
  const pids = createLine('pids', createBar(['used']))
  return {
    elements: [memory.element, cpu.element, pids.element],
    update (view: ContainerView | null, hello: Hello | null) {
      memory.update(view ? memoryWords(view) : NOTHING, memoryBar(view, hello))
      cpu.update(view ? cpuWords(view) : NOTHING, cpuBar(view, hello))
      pids.update(view ? pidsWords(view) : NOTHING, pidsBar(view))
    }
  }
}

function memoryBar (view: ContainerView | null, hello: Hello | null): BarView {
  const parts = view && memoryParts(view.memory)
  return {
    parts: parts
      ? [parts.anonBytes, parts.fileBytes, parts.kernelBytes, parts.restBytes]
      : [0, 0, 0, view?.memory.currentBytes ?? 0],
    peak: view?.memory.peakBytes ?? null,
    limit: view && memoryLimit(view),
    scale: hello?.host.memoryBytes ?? 1
  }
}

function cpuBar (view: ContainerView | null, hello: Hello | null): BarView {
  return { parts: [view?.cpu.cores ?? 0], peak: null, limit: view && cpuLimit(view), scale: hello?.host.cpus ?? 1 }
}

function pidsBar (view: ContainerView | null): BarView {
  const { current, peak } = view?.pids ?? { current: null, peak: null }
  return { parts: [current ?? 0], peak, limit: view && pidsLimit(view), scale: 1000 }
}

function createFacts () {
  const throttling = createFact('throttling')
  const pressure = createPressure()
  const restarts = createFact('restarts')
  const kills = createFact('OOM kills')
  return {
    elements: [throttling.element, pressure.element, el('div', 'counters', restarts.element, kills.element)],
    update (view: ContainerView | null) {
      const isThere = view !== null && view.state !== 'gone'
      throttling.update(isThere ? throttlingWords(view.cpu) : NOTHING, view?.cpu.throttling === 'throttled')
      pressure.update(view)
      restarts.update(formatCount(view?.restarts ?? null), false)
      kills.update(formatCount(view?.oomKills ?? null), (view?.oomKills ?? 0) > 0)
    }
  }
}

const resources = ['cpu', 'memory', 'io'] as const

/** Three resources, each a value below its name; or one answer for all three. */
function createPressure () {
  const values = resources.map(() => el('span', 'words'))
  const cells = el('dd', 'resources', ...resources.map((name, i) =>
    el('span', 'resource', el('span', 'soft', name === 'cpu' ? 'CPU' : name), ' ', values[i]!)))
  const none = el('dd', 'words')
  const element = el('div', 'fact pressure', el('dt', '', 'pressure'), cells, none)
  return {
    element,
    update (view: ContainerView | null) {
      const isMeasured = view !== null && isPressureMeasured(view)
      cells.hidden = !isMeasured
      none.hidden = isMeasured
      setText(none, view === null || view.state === 'gone' ? NOTHING : 'not measured')
      if (!isMeasured) return
      for (const [i, name] of resources.entries()) setText(values[i]!, pressureWords(view.pressure[name]))
    }
  }
}

/** A name, the value in words, and the value as a bar. */
function createLine (name: string, bar: Bar) {
  const words = el('span', 'words', NOTHING)
  const element = el('div', 'line', el('dt', '', name), el('dd', '', words, bar.element))
  return {
    element,
    update (text: string, view: BarView) {
      setText(words, text)
      bar.update(view)
    }
  }
}

function createFact (name: string) {
  const words = el('dd', 'words', NOTHING)
  const element = el('div', 'fact', el('dt', '', name), words)
  return {
    element,
    update (text: string, isHit: boolean) {
      setText(words, text)
      setAttribute(words, 'data-hit', String(isHit))
    }
  }
}
