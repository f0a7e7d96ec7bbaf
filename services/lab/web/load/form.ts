import { createAskForm, type AskListeners, type AskView } from '#lab/web/ask-form.ts'
import { createFields } from './fields.ts'
import { readFields, type LoadFields, type LoadRequest } from './load-request.ts'

/** Here a load is described, started and cancelled. */
export function createForm (
  listeners: AskListeners<LoadRequest>
): { element: HTMLElement, fill: (chosen: Partial<LoadFields>) => void, update (view: AskView): void } {
  const fields = createFields()
  return { ...createAskForm({ name: 'load', fields, read: readFields }, listeners), fill: fields.fill }
}
