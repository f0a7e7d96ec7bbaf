import { el, prose, setAttribute, shape } from '#lab/web/dom.ts'
import type { ExperimentView, RunView } from '#lab/wire/experiments.ts'
import { standingOf } from './run-words.ts'

/** The choices. While a run is shown they stand still, with the one that was made. */
export function createPredict ({ choices }: ExperimentView, onChoose: () => void): { element: HTMLElement, chosen: () => string | null, update (run: RunView | null): void } {
  const options = choices.map(({ id, text }) => {
    const input = el('input')
    input.type = 'radio'
    input.name = 'prediction'
    input.value = id
    input.addEventListener('change', onChoose)
    const mark = el('span', 'happened')
    return { id, input, mark, label: el('label', 'choice', input, el('span', 'text', ...prose(text)), mark) }
  })
  const element = el('fieldset', 'choices', el('legend', '', 'What will happen?'), ...options.map(({ label }) => label))
  let shownRun: string | null = null

  return {
    element,
    chosen: () => options.find(({ input }) => input.checked)?.id ?? null,
    update (run) {
      const isAnother = shownRun !== (run?.id ?? null)
      shownRun = run?.id ?? null
      for (const { id, input, label, mark } of options) {
        if (isAnother) input.checked = run !== null && run.prediction === id
        input.disabled = run !== null
        const hasHappened = run !== null && run.answer === id && standingOf(run) === 'holds'
        setAttribute(label, 'data-happened', String(hasHappened))
        if (hasHappened === (mark.childElementCount === 0)) mark.replaceChildren(...(hasHappened ? [shape('holds'), el('span', 'hidden', ', this happened')] : []))
      }
    }
  }
}
