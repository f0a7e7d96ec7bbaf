import { isWithoutCgroups, isWithoutLimits, peakNameOf } from '#lab/web/container-words.ts'
import { byId, keepChildren, setText } from '#lab/web/dom.ts'
import { inOrder, type Selection } from '#lab/web/order.ts'
import type { ContainerView, Hello } from '#lab/wire/live.ts'
import { createCard, type Card } from './card.ts'
import './cards.css'

/** A container, or the place of a service without one. */
interface Place { key: string, service: string, name: string, view: ContainerView | null }

export interface CardsView {
  containers: ContainerView[]
  services: string[]
  hello: Hello | null
  selection: Selection
}

export function createCards (
  host: HTMLElement, onSelect: (containerId: string) => void
): { update (view: CardsView): void } {
  const cards = new Map<string, Card>()

  return {
    update ({ containers, services, hello, selection }) {
      byId('no-cgroups').hidden = !isWithoutCgroups(hello)
      byId('no-limits').hidden = !isWithoutLimits(hello) || isWithoutCgroups(hello)
      setText(byId('peak-name'), peakNameOf(containers))
      const places = placesOf(containers, services)
      keepChildren(host, places, ({ key }) => key, ({ key, name, view }) => {
        const card = createCard(name, () => { if (view) onSelect(view.id) })
        cards.set(key, card)
        return card.element
      })
      for (const key of cards.keys()) if (!places.some(place => place.key === key)) cards.delete(key)
      for (const { key, view } of places) {
        cards.get(key)!.update(view, hello, view !== null && view.id === selection.containerId)
      }
    }
  }
}

function placesOf (containers: ContainerView[], services: string[]): Place[] {
  const seen = containers.map(view => ({ key: view.id, service: view.service, name: view.name, view }))
  const missing = services.filter(service => !containers.some(container => container.service === service))
  return inOrder([...seen, ...missing.map(service => ({ key: service, service, name: service, view: null }))], services)
}
