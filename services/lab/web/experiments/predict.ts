import { el, prose, setAttribute, shape } from '#lab/web/dom.ts'
import type { ExperimentView, RunView } from '#lab/wire/experiments.ts'
import { runStatus } from './run-words.ts'

export interface Predict { element: HTMLElement, chosen: () => string | null, update (run: RunView | null): void }

/**
 * The choices. While a run is shown they are disabled, and its prediction is checked. `key`: of several on one page,
 * each has its own, because one choice excludes the others of its group.
 */
export function createPredict ({ choices }: ExperimentView, key: string, onChoose: () => void): Predict {
  const options = choices.map(choice => optionOf(choice, `prediction${key}`, onChoose))
  const legend = el('legend', '', 'What will happen?')
  const element = el('fieldset', 'choices', legend, ...options.map(({ label }) => label))
  let shownRun: string | null = null

  return {
    element,
    chosen: () => options.find(({ input }) => input.checked)?.id ?? null,
    update (run) {
      const isAnother = shownRun !== (run?.id ?? null)
      shownRun = run?.id ?? null
      for (const option of options) {
        if (isAnother) option.input.checked = run !== null && run.prediction === option.id
        option.input.disabled = run !== null
        showHappened(option, run !== null && run.answer === option.id && runStatus(run) === 'holds')
      }
    }
  }
}

interface Option { id: string, input: HTMLInputElement, mark: HTMLElement, label: HTMLElement }

function optionOf ({ id, text }: ExperimentView['choices'][number], group: string, onChoose: () => void): Option {
  const input = el('input')
  input.type = 'radio'
  input.name = group
  input.value = id
  input.addEventListener('change', onChoose)
  const mark = el('span', 'happened')
  return { id, input, mark, label: el('label', 'choice', input, el('span', 'text', ...prose(text)), mark) }
}

function showHappened ({ label, mark }: Option, hasHappened: boolean): void {
  setAttribute(label, 'data-happened', String(hasHappened))
  if (hasHappened !== (mark.childElementCount === 0)) return
  mark.replaceChildren(...(hasHappened ? [shape('holds'), el('span', 'hidden', ', this happened')] : []))
}
