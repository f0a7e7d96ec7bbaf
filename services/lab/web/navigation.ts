/** Which view is shown: the address says it, and the address is all there is to change. The stream stays open. */
import { byId, setAttribute } from './dom.ts'
import { hashOf, routeOf, type Route } from './route.ts'

const places: Record<Route['view'], { host: string, tab: string }> = {
  live: { host: 'view-live', tab: 'live' },
  experiments: { host: 'view-experiments', tab: 'experiments' },
  experiment: { host: 'view-experiment', tab: 'experiments' },
  load: { host: 'view-load', tab: 'load' }
}

export interface Navigation {
  route: () => Route
  /** Where one is already gets its proper address: nothing moves, and going back does not lead here twice. */
  replace: (route: Route) => void
  /** What the window is called. */
  entitle: (words: string) => void
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
    onChange()
    scrollTo(0, 0)
    focusHeading(byId(places[route.view].host))
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
    entitle (words) {
      const title = words === '' ? 'limits-lab' : `${words} · limits-lab`
      if (document.title !== title) document.title = title
    }
  }
}

/** Whoever cannot see that the view has changed hears it. */
function focusHeading (view: HTMLElement): void {
  const heading = view.querySelector<HTMLElement>('h2')
  if (!heading) return
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
}
