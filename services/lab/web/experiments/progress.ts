import { formatSeconds } from '#lab/format.ts'
import { el, keepChildren, prose, setAttribute, setText } from '#lab/web/dom.ts'
import { phases, type ExperimentView, type RunView } from '#lab/wire/experiments.ts'
import { elapsedWords } from './run-words.ts'

export interface Progress { element: HTMLElement, update (run: RunView | null, elapsedSeconds: number | null): void }

/** How far a run is, and what it has done. It takes up its place before there is a run. */
export function createProgress ({ seconds }: ExperimentView): Progress {
  const track = el('ol', 'phases', ...phases.map(name => el('li', '', name)))
  const bar = el('progress')
  bar.max = seconds
  bar.setAttribute('aria-label', 'Progress of the run')
  const elapsed = el('p', 'elapsed')
  const steps = el('ol')
  const log = logOf(steps)
  const element = el('div', 'progress', el('div', 'along', track, elapsed), bar, log)

  return {
    element,
    update (run, elapsedSeconds) {
      const isOver = run !== null && run.state !== 'running'
      showPhases(track, run?.phase ? phases.indexOf(run.phase) : isOver ? phases.length : -1)
      const value = run === null ? 0 : isOver ? seconds : Math.min(seconds, elapsedSeconds ?? 0)
      if (bar.value !== value) bar.value = value
      setText(elapsed, timeWords(run, elapsedSeconds, seconds))
      showSteps(steps, run?.steps ?? [])
      if (!isOver) log.scrollTop = log.scrollHeight
    }
  }
}

function logOf (steps: HTMLElement): HTMLElement {
  const log = el('div', 'steps', steps)
  log.setAttribute('role', 'log')
  log.setAttribute('aria-label', 'What the run does')
  // It scrolls when there are many steps, so it has to be reachable by keyboard.
  log.tabIndex = 0
  return log
}

/** `at`: the index of the current phase. */
function showPhases (track: HTMLElement, at: number): void {
  for (const [i, item] of [...track.children].entries()) {
    setAttribute(item, 'data-state', i < at ? 'done' : i === at ? 'now' : 'next')
    if (i === at) setAttribute(item, 'aria-current', 'step')
    else item.removeAttribute('aria-current')
  }
}

function timeWords (run: RunView | null, elapsedSeconds: number | null, aboutSeconds: number): string {
  if (run === null) return `about ${aboutSeconds}\u00a0s`
  if (run.state !== 'running') return `took ${formatSeconds(elapsedSeconds)}`
  return elapsedWords(elapsedSeconds ?? 0, aboutSeconds)
}

function showSteps (host: HTMLElement, steps: RunView['steps']): void {
  const numbered = steps.map((step, i) => ({ ...step, i }))
  keepChildren(host, numbered, ({ i, text }) => `${i} ${text}`, ({ atSeconds, text }) =>
    el('li', '', el('span', 'at', formatSeconds(atSeconds)), ' ', el('span', 'text', ...prose(text))))
}
