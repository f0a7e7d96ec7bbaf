/** What the sweep does now; once it has ended, what it found. Both have the same place, so that nothing moves. */
import { el, setAttribute, setText, shape } from '#lab/web/dom.ts'
import type { SweepView } from '#lab/wire/sweep.ts'
import { purposeWords, trialOutcomeWords } from '#lab/words.ts'
import { createCopied, type Copied } from './copied.ts'
import { currentWords, endingWords, goalWords, purposes, stateWords, workWords } from './sweep-words.ts'

export interface NowView {
  sweep: SweepView | null
  /** Somebody has to type each limit. */
  isByHand: boolean
}

/** `showResult`: leads to the limits to set, which are further down. */
export function createNow (showResult: () => void): { element: HTMLElement, update (view: NowView): void } {
  const heading = el('h3', '', 'The last sweep')
  const goal = el('p', 'goal-words')
  const phases = el('ol', 'phases', ...purposes.map(purpose => el('li', '', purposeWords[purpose])))
  const outcome = el('p', 'run-status')
  const words = el('p', 'words')
  // Each step would be too much to read out: each trial that ends, and how the sweep ended.
  const news = el('p', 'hidden')
  news.setAttribute('role', 'status')
  const toType = createCopied('To type in a terminal: the lab may not change limits here', 'command')
  const toResult = el('button', 'to-result', 'Show the limits to set')
  toResult.type = 'button'
  toResult.addEventListener('click', showResult)
  const element = el('div', 'now panel', heading, goal, phases, outcome, words, news, toResult, toType.element)

  return {
    element,
    update ({ sweep, isByHand }) {
      setText(heading, sweep === null ? 'The last sweep' : workWords(sweep.spec))
      setText(goal, sweep === null ? '' : goalWords(sweep.spec))
      const isRunning = sweep?.state === 'running'
      phases.hidden = !isRunning
      showPhases(phases, sweep)
      outcome.hidden = sweep === null || isRunning
      showOutcome(outcome, sweep)
      setText(words, nowWords(sweep))
      setText(news, newsWords(sweep))
      toResult.hidden = sweep?.result?.recommended == null
      showToType(toType, sweep, isByHand)
    }
  }
}

/** Those before the phase of the newest trial are over. */
function showPhases (host: HTMLElement, sweep: SweepView | null): void {
  const now = purposes.indexOf(sweep?.current?.purpose ?? sweep?.trials.at(-1)?.purpose ?? 'baseline')
  for (const [i, item] of [...host.children].entries()) {
    setAttribute(item, 'data-state', i < now ? 'done' : i === now ? 'now' : 'next')
    if (i === now) setAttribute(item, 'aria-current', 'step')
    else item.removeAttribute('aria-current')
  }
}

const statuses: Record<string, string> = {
  recommended: 'holds', not_confirmed: 'does_not_hold', goal_not_met: 'does_not_hold', not_measured: 'not_measured'
}

function showOutcome (host: HTMLElement, sweep: SweepView | null): void {
  const words = sweep === null ? '' : stateWords(sweep)
  if (host.textContent === words) return
  const status = statuses[sweep?.result?.outcome ?? ''] ?? 'ended_early'
  host.dataset['status'] = status
  host.replaceChildren(shape(status), words)
}

function nowWords (sweep: SweepView | null): string {
  if (sweep === null) return 'Start a sweep to see here what it does, and then what it found.'
  if (sweep.state === 'running') return currentWords(sweep)
  return endingWords(sweep)
}

function newsWords (sweep: SweepView | null): string {
  if (sweep === null) return ''
  if (sweep.state !== 'running') return `The sweep: ${stateWords(sweep)}.`
  const last = sweep.trials.at(-1)
  return last === undefined ? '' : `Trial ${last.number}: ${trialOutcomeWords[last.outcome]}.`
}

/** Between two lines its place is kept. After the end there may be one more, which puts the limits back. */
function showToType ({ element, update }: Copied, sweep: SweepView | null, isByHand: boolean): void {
  const line = sweep?.toType ?? null
  const isRunning = sweep?.state === 'running'
  element.hidden = line === null && !(isByHand && isRunning)
  update(line ?? '# Nothing to type now: the trial is running.', line !== null)
}
