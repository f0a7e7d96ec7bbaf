/** A card or a chart beside the text of a chapter, as in the live view. */
import { createChart } from '#lab/web/charts/chart.ts'
import { pageColours } from '#lab/web/charts/draw.ts'
import { styleIn } from '#lab/web/charts/line-style.ts'
import { el } from '#lab/web/dom.ts'
import { createCard } from '#lab/web/live/card.ts'
import { chartSpecs } from '#lab/web/live/chart-specs.ts'
import { DIGITS_MS, pacer } from '#lab/web/live/pace.ts'
import { inOrder, shortName } from '#lab/web/order.ts'
import { selectContainer, servicesOf, type State } from '#lab/web/state/state.ts'
import '#lab/web/live/cards.css'
import '#lab/web/live/charts.css'

export interface LivePart { element: HTMLElement, update: () => void }

export function createLivePart (element: HTMLElement, state: State): LivePart {
  const { live, service, chart } = element.dataset
  element.setAttribute('aria-label', `${service}, now`)
  return live === 'card' ? cardPart(element, service!, state) : chartPart(element, service!, chart!, state)
}

/** The first container of the service. Its name leads to the live view, where it is selected. */
function cardPart (element: HTMLElement, service: string, state: State): LivePart {
  // Beside the text that explains its state, the card does not link to it.
  const card = createCard(service, () => null, () => {
    const own = containerOf(state, service)
    if (own && state.selection.containerId !== own.id) selectContainer(state, own.id)
    location.hash = '#live'
  })
  const isTime = pacer()
  element.append(el('ul', 'cards', card.element))
  return {
    element,
    update () {
      const view = containerOf(state, service)
      if (!isTime(DIGITS_MS, card.isOld(view))) return
      card.update(view, state.hello, state.limits, view !== null && view.id === state.selection.containerId)
    }
  }
}

function containerOf (state: State, service: string) {
  return inOrder(state.sample?.containers ?? [], servicesOf(state)).find(one => one.service === service) ?? null
}

function chartPart (element: HTMLElement, service: string, name: string, state: State): LivePart {
  const figure = el('figure', 'chart panel')
  const chart = createChart(figure, chartSpecs.find(spec => spec.name === name)!, 'h4')
  element.append(figure)
  return {
    element,
    update () {
      const services = servicesOf(state)
      const columns = inOrder(state.columns.containers, services).filter(column => column.service === service)
      const names = new Map(columns.map(column => [column.id, shortName(column.name, state.hello?.project ?? '')]))
      chart.update({
        at: state.columns.at, columns, names, styleOf: styleIn(services), colour: pageColours(), windowSeconds: 60
      })
    }
  }
}
