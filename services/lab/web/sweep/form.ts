import { createAskForm, type AskListeners, type AskView } from '#lab/web/ask-form.ts'
import { el, setText } from '#lab/web/dom.ts'
import { createFields } from './fields.ts'
import { readFields, type SweepRequest } from './sweep-request.ts'

export interface FormView extends AskView {
  /** What a sweep cannot do here, and why; empty: it can do everything. */
  absent: string
}

/** Here a sweep is described, started and cancelled. */
export function createForm (
  listeners: AskListeners<SweepRequest>
): { element: HTMLElement, update (view: FormView): void } {
  const { element, update } = createAskForm({ name: 'sweep', fields: createFields(), read: readFields }, listeners)
  const absent = el('p', 'absent')
  element.append(absent)
  return {
    element,
    update (view) {
      setText(absent, view.absent)
      update(view)
    }
  }
}
