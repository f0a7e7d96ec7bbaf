/** The view that is shown, as the part of the address after #: links, reloads and the back button lead to it. Pure. */

export type Route =
  | { view: 'live' }
  | { view: 'experiments' }
  /** `runId` null: the experiment is about to be run. */
  | { view: 'experiment', id: string, runId: string | null }
  /** `id` null: the newest load. `fields`: what the form is filled in with, by their names. */
  | { view: 'load', id: string | null, fields?: Record<string, string> }
  /** `id` null: the newest sweep. */
  | { view: 'sweep', id: string | null }
  /** `chapter` null: the contents. `heading` null: its beginning. */
  | { view: 'learn', chapter: string | null, heading: string | null }

export function routeOf (hash: string): Route {
  const [, path = '', query = ''] = /^#?([^?]*)\??(.*)$/.exec(hash)!
  const [view, id, part] = path.split('/').map(unescaped)
  if (view === 'experiment' && id) return { view, id, runId: part || null }
  if (view === 'load') return { view, id: id || null, ...(query && { fields: fieldsIn(query) }) }
  if (view === 'sweep') return { view, id: id || null }
  if (view === 'learn') return { view, chapter: id || null, heading: part || null }
  return { view: view === 'experiments' ? view : 'live' }
}

export function hashOf (route: Route): string {
  const query = route.view === 'load' && route.fields ? `?${new URLSearchParams(route.fields)}` : ''
  return `#${[route.view, ...partsOf(route).filter(part => part !== null).map(encodeURIComponent)].join('/')}${query}`
}

function fieldsIn (query: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query))
}

function partsOf (route: Route): Array<string | null> {
  if (route.view === 'experiment') return [route.id, route.runId]
  if (route.view === 'learn') return [route.chapter, route.heading]
  return route.view === 'load' || route.view === 'sweep' ? [route.id] : []
}

/** Somebody may have typed the address, with a broken escape. */
function unescaped (part: string): string {
  try { return decodeURIComponent(part) } catch { return part }
}
