import { formatSeconds } from '#lab/format.ts'
import { el, keepChildren, prose, setAttribute, setText } from '#lab/web/dom.ts'
import { phases, type ExperimentView, type RunView } from '#lab/wire/experiments.ts'
import { elapsedWords } from './run-words.ts'

/** How far a run is, and what was done. It has its place before there is anything to tell. */
export function createProgress ({ seconds }: ExperimentView): { element: HTMLElement, update (run: RunView | null, elapsedSeconds: number | null): void } {
  const track = el('ol', 'phases', ...phases.map(name => el('li', '', name)))
  const bar = el('progress')
  bar.max = seconds
  bar.setAttribute('aria-label', 'Time of the run')
  const elapsed = el('p', 'elapsed')
  const steps = el('ol')
  const log = el('div', 'steps', steps)
  log.setAttribute('role', 'log')
  log.setAttribute('aria-label', 'What the run does')
  // It scrolls when there are many, so the keyboard has to get there.
  log.tabIndex = 0
  const element = el('div', 'progress', el('div', 'along', track, elapsed), bar, log)

  return {
    element,
    update (run, elapsedSeconds) {
      const isOver = run !== null && run.state !== 'running'
      const at = run?.phase ? phases.indexOf(run.phase) : isOver ? phases.length : -1
      for (const [i, item] of [...track.children].entries()) {
        setAttribute(item, 'data-state', i < at ? 'done' : i === at ? 'now' : 'next')
        if (i === at) setAttribute(item, 'aria-current', 'step')
        else item.removeAttribute('aria-current')
      }
      const value = run === null ? 0 : isOver ? seconds : Math.min(seconds, elapsedSeconds ?? 0)
      if (bar.value !== value) bar.value = value
      setText(elapsed, run === null ? `about ${seconds}\u00a0s` : isOver ? `took ${formatSeconds(elapsedSeconds)}` : elapsedWords(elapsedSeconds ?? 0, seconds))
      showSteps(steps, run?.steps ?? [])
      if (!isOver) log.scrollTop = log.scrollHeight
    }
  }
}

function showSteps (host: HTMLElement, steps: RunView['steps']): void {
  keepChildren(host, steps.map((step, i) => ({ ...step, i })), ({ i, text }) => `${i} ${text}`, ({ atSeconds, text }) =>
    el('li', '', el('span', 'at', formatSeconds(atSeconds)), ' ', el('span', 'text', ...prose(text))))
}
