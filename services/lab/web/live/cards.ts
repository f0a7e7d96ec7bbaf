import { isWithoutCgroups, isWithoutLimits, peakNameOf } from '#lab/web/container-words.ts'
import { byId, keepChildren, setText } from '#lab/web/dom.ts'
import { inOrder, type Selection } from '#lab/web/order.ts'
import type { Why } from '#lab/web/learn/why.ts'
import { Sight } from '#lab/web/sight.ts'
import type { LimitsView } from '#lab/wire/limits.ts'
import type { ContainerView, Hello } from '#lab/wire/live.ts'
import { createCard, type Card } from './card.ts'
import './cards.css'

/** At most this many of the cards that cannot be seen are drawn in a second, so 50 take about four. */
const OTHERS = 12

/** A container, or the place of a service without one. */
interface Place { key: string, service: string, name: string, view: ContainerView | null }

export interface CardsView {
  containers: ContainerView[]
  services: string[]
  hello: Hello | null
  limits: LimitsView | null
  selection: Selection
}

export function createCards (
  host: HTMLElement, why: Why, onSelect: (containerId: string) => void
): { update (view: CardsView): void } {
  const cards = new Map<string, Card>()
  let latest: CardsView | null = null
  let selected: string | null = null
  const sight = new Sight(OTHERS, () => { if (latest) update(latest) })

  function update (view: CardsView): void {
    const { containers, services, hello, limits, selection } = view
    latest = view
    byId('no-cgroups').hidden = !isWithoutCgroups(hello)
    byId('no-limits').hidden = !isWithoutLimits(hello) || isWithoutCgroups(hello)
    setText(byId('peak-name'), peakNameOf(containers))
    const places = placesOf(containers, services)
    keep(places)
    const isOther = selection.containerId !== selected
    selected = selection.containerId
    const due = sight.due(places.map(({ key }) => cards.get(key)!.element))
    for (const { key, view } of places) {
      const card = cards.get(key)!
      if (!isOther && !due.has(card.element) && !card.isOld(view)) continue
      card.update(view, hello, limits, view !== null && view.id === selected)
    }
  }

  function keep (places: Place[]): void {
    const kept = new Set(places.map(({ key }) => key))
    for (const [key, { element }] of cards) {
      if (kept.has(key)) continue
      sight.forget(element)
      cards.delete(key)
    }
    keepChildren(host, places, ({ key }) => key, ({ key, name, view }) => {
      const card = createCard(name, why, () => { if (view) onSelect(view.id) })
      cards.set(key, card)
      sight.watch(card.element)
      return card.element
    })
  }

  return { update }
}

function placesOf (containers: ContainerView[], services: string[]): Place[] {
  const seen = containers.map(view => ({ key: view.id, service: view.service, name: view.name, view }))
  const missing = services.filter(service => !containers.some(container => container.service === service))
  return inOrder([...seen, ...missing.map(service => ({ key: service, service, name: service, view: null }))], services)
}
