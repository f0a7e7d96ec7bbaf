import { phases, type ExperimentView, type RunView } from '../../runs/wire.ts'
import { el, keepChildren, setAttribute, setText } from '../dom.ts'
import { formatSeconds } from '../format.ts'
import { elapsedWords } from '../view/run-words.ts'

/** How far a run is, and what was done. It has its place before there is anything to tell. */
export function createProgress ({ seconds }: ExperimentView): { element: HTMLElement, update (run: RunView | null, elapsedSeconds: number): void } {
  const track = el('ol', 'phases', ...phases.map(name => el('li', '', name)))
  const bar = el('progress')
  bar.max = seconds
  bar.setAttribute('aria-label', 'Time of the run')
  const elapsed = el('p', 'elapsed')
  const steps = el('ol', 'steps')
  steps.setAttribute('role', 'log')
  steps.setAttribute('aria-label', 'What the run does')
  const element = el('div', 'progress', el('div', 'along', track, elapsed), bar, steps)

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
      const value = run === null ? 0 : isOver ? seconds : Math.min(seconds, elapsedSeconds)
      if (bar.value !== value) bar.value = value
      setText(elapsed, run === null ? `about ${seconds} s` : isOver ? `took ${formatSeconds(elapsedSeconds)}` : elapsedWords(elapsedSeconds, seconds))
      showSteps(steps, run?.steps ?? [])
    }
  }
}

function showSteps (host: HTMLElement, steps: RunView['steps']): void {
  const before = host.childElementCount
  keepChildren(host, steps.map((step, i) => ({ ...step, i })), ({ i, text }) => `${i} ${text}`, ({ atSeconds, text }) =>
    el('li', '', el('span', 'at', formatSeconds(atSeconds)), ' ', el('span', 'text', text)))
  if (host.childElementCount > before) host.scrollTop = host.scrollHeight
}
