import type { ContainerView, Hello } from '../../wire.ts'
import { el, setAttribute, setText, shape } from '../dom.ts'
import { formatNumberOf } from '../format.ts'
import { memoryParts } from '../view/memory-parts.ts'
import { shortName } from '../view/order.ts'
import { cpuLimit, cpuWords, memoryLimit, memoryWords, moodWords, pidsLimit, pidsWords, pressureWords, throttlingWords, isPressureMeasured } from '../view/words.ts'
import { createBar } from './bar.ts'

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
  const mood = el('p', 'mood')
  const memory = createLine('memory', createBar(['anon', 'file', 'kernel', 'rest']))
  const cpu = createLine('CPU', createBar(['used']))
  const pids = createLine('pids', createBar(['used']))
  const throttling = createFact('throttling')
  const pressure = createFact('pressure')
  const lives = createFact('since seen')
  const facts = el('dl', '', memory.element, cpu.element, pids.element, throttling.element, pressure.element, lives.element)
  const element = el('li', 'card', el('div', 'top', button, mood), facts)

  return {
    element,
    update (view, hello, isSelected) {
      setText(button, shortName(view?.name ?? name, hello?.project ?? ''))
      setAttribute(button, 'aria-pressed', String(isSelected))
      button.disabled = view === null
      setAttribute(element, 'data-selected', String(isSelected))
      showMood(element, mood, view)
      memory.update(view ? memoryWords(view) : '–', memoryBar(view, hello))
      cpu.update(view ? cpuWords(view) : '–', { parts: [view?.cpu.cores ?? 0], peak: null, limit: view && cpuLimit(view), scale: hello?.host.cpus ?? 1 })
      pids.update(view ? pidsWords(view) : '–', { parts: [view?.pids.current ?? 0], peak: view?.pids.peak ?? null, limit: view && pidsLimit(view), scale: 1000 })
      throttling.update(view ? throttlingWords(view.cpu) : '–', view?.cpu.throttling === 'throttled')
      pressure.update(view ? allPressure(view) : '–', false)
      lives.update(view ? livesWords(view) : '–', (view?.oomKills ?? 0) > 0)
    }
  }
}

function showMood (card: HTMLElement, host: HTMLElement, view: ContainerView | null): void {
  const mood = view?.mood ?? 'gone'
  const words = view ? moodWords(mood) : 'not seen yet'
  if (card.dataset['mood'] === mood && host.textContent === words) return
  card.dataset['mood'] = mood
  host.replaceChildren(shape(mood), words)
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

function allPressure (view: ContainerView): string {
  if (!isPressureMeasured(view)) return view.mood === 'gone' ? '–' : 'not measured'
  const { cpu, memory, io } = view.pressure
  return `CPU ${pressureWords(cpu)} · mem ${pressureWords(memory)} · io ${pressureWords(io)}`
}

function livesWords ({ restarts, oomKills }: ContainerView): string {
  return `${formatNumberOf(restarts, 'restart')} · ${formatNumberOf(oomKills, 'OOM kill')}`
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
