import { el, keepChildren, setAttribute, setText } from '#lab/web/dom.ts'
import type { Selection } from '#lab/web/order.ts'

export interface ToolsView {
  services: string[]
  selection: Selection
  /** The short name of the selected container. */
  selectedName: string | null
  isPaused: boolean
}

export interface ToolsListeners {
  window: (seconds: number) => void
  pause: () => void
  service: (service: string, isShown: boolean) => void
  all: () => void
}

/** How much time the charts show, which services, and whether they are paused. */
export function createTools (host: HTMLElement, listeners: ToolsListeners): { update (view: ToolsView): void } {
  const services = el('fieldset', 'services', el('legend', '', 'Show'))
  const list = el('span', 'tools')
  services.append(list)
  const only = el('button', 'only')
  only.type = 'button'
  only.addEventListener('click', listeners.all)
  const pause = el('button', 'pause', 'Pause charts')
  pause.type = 'button'
  pause.addEventListener('click', listeners.pause)
  host.append(only, services, windows(listeners.window), pause)

  function box (service: string): HTMLElement {
    const input = el('input')
    input.type = 'checkbox'
    input.addEventListener('change', () => { listeners.service(service, input.checked) })
    return el('label', '', input, service)
  }

  return {
    update ({ services: names, selection, selectedName, isPaused }) {
      for (const [i, label] of keepChildren(list, names, name => name, box).entries()) {
        label.querySelector('input')!.checked =
          selection.containerId === null && !selection.hiddenServices.has(names[i]!)
      }
      setAttribute(only, 'data-shown', String(selectedName !== null))
      setText(only, selectedName === null ? '' : `Only ${selectedName}: show all`)
      setText(pause, isPaused ? 'Resume charts' : 'Pause charts')
      setAttribute(pause, 'aria-pressed', String(isPaused))
    }
  }
}

function windows (choose: (seconds: number) => void): HTMLElement {
  const fieldset = el('fieldset', '', el('legend', '', 'Last'))
  for (const minutes of [1, 5, 15]) {
    const input = el('input')
    input.type = 'radio'
    input.name = 'window'
    input.checked = minutes === 1
    input.addEventListener('change', () => { choose(minutes * 60) })
    fieldset.append(el('label', '', input, `${minutes} min`))
  }
  return fieldset
}
