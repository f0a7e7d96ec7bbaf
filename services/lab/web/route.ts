/** The view that is shown, as the part of the address after #: links, reloads and the back button lead to it. Pure. */

export type Route =
  | { view: 'live' }
  | { view: 'experiments' }
  /** `runId` null: the experiment is about to be run. */
  | { view: 'experiment', id: string, runId: string | null }
  /** `id` null: the newest load. */
  | { view: 'load', id: string | null }

export function routeOf (hash: string): Route {
  const [view, id, runId] = hash.replace(/^#/, '').split('/').map(unescaped)
  if (view === 'experiment' && id) return { view, id, runId: runId || null }
  if (view === 'load') return { view, id: id || null }
  return { view: view === 'experiments' ? view : 'live' }
}

export function hashOf (route: Route): string {
  const parts = route.view === 'experiment' ? [route.id, route.runId] : route.view === 'load' ? [route.id] : []
  return `#${[route.view, ...parts.filter(part => part !== null).map(encodeURIComponent)].join('/')}`
}

/** Somebody may have typed the address, with a broken escape. */
function unescaped (part: string): string {
  try { return decodeURIComponent(part) } catch { return part }
}
