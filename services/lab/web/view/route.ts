/** Where on the page one is: the part of the address after #, so that a link, a reload and the back button lead there. Pure. */

export type Route =
  | { view: 'live' }
  | { view: 'experiments' }
  /** `runId` null: about to be run. */
  | { view: 'experiment', id: string, runId: string | null }
  | { view: 'load' }

export function routeOf (hash: string): Route {
  const [view, id, runId] = hash.replace(/^#/, '').split('/').map(unescaped)
  if (view === 'experiment' && id) return { view, id, runId: runId || null }
  return { view: view === 'experiments' || view === 'load' ? view : 'live' }
}

export function hashOf (route: Route): string {
  if (route.view !== 'experiment') return `#${route.view}`
  const { id, runId } = route
  return `#experiment/${encodeURIComponent(id)}${runId === null ? '' : `/${encodeURIComponent(runId)}`}`
}

/** An address that somebody typed may be anything. */
function unescaped (part: string): string {
  try { return decodeURIComponent(part) } catch { return part }
}
