/** Which view is shown. The address alone decides it; the stream stays open when it changes. */
import { byId, setAttribute } from './dom.ts'
import { hashOf, routeOf, type Route } from './route.ts'

const places: Record<Route['view'], { host: string, tab: string }> = {
  live: { host: 'view-live', tab: 'live' },
  experiments: { host: 'view-experiments', tab: 'experiments' },
  experiment: { host: 'view-experiment', tab: 'experiments' },
  load: { host: 'view-load', tab: 'load' },
  sweep: { host: 'view-sweep', tab: 'sweep' },
  learn: { host: 'view-learn', tab: 'learn' }
}

export interface Navigation {
  route: () => Route
  /** Gives the view that is shown its proper address: nothing moves, and going back does not lead here twice. */
  replace: (route: Route) => void
  /** Sets the title of the window; empty: the name alone. */
  setTitle: (text: string) => void
}

export function createNavigation (onChange: () => void): Navigation {
  let route = routeOf(location.hash)

  function show (): void {
    for (const [view, { host }] of Object.entries(places)) byId(host).hidden = view !== route.view
    for (const link of document.querySelectorAll<HTMLElement>('#navigation a[data-view]')) {
      if (link.dataset['view'] === places[route.view].tab) setAttribute(link, 'aria-current', 'page')
      else link.removeAttribute('aria-current')
    }
  }

  addEventListener('hashchange', () => {
    route = routeOf(location.hash)
    show()
    scrollTo(0, 0)
    onChange()
    // A chapter of the tutorial may have to be loaded first, and its address may lead further down.
    if (route.view !== 'learn') focusHeading(byId(places[route.view].host))
  })
  byId('skip').addEventListener('click', event => {
    event.preventDefault()
    focusHeading(byId(places[route.view].host))
  })
  show()

  return {
    route: () => route,
    replace (next) {
      history.replaceState(null, '', hashOf(next))
      route = next
      show()
      onChange()
    },
    setTitle (text) {
      const title = text === '' ? 'limits-lab' : `${text} · limits-lab`
      if (document.title !== title) document.title = title
    }
  }
}

/** With the focus on its heading, a screen reader reads out that the view has changed. */
export function focusHeading (view: HTMLElement, heading = view.querySelector<HTMLElement>('h2')): void {
  if (!heading) return
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
}
