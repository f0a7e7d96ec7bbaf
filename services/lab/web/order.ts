/** The order of containers, and which of them are shown. Pure. */

interface Placed { service: string, name: string }

/** `limits-lab-worker-2` → 2: Compose puts the number at the end of a name. */
export function numberOf (name: string): number {
  const digits = /(\d+)$/.exec(name)?.[1]
  return digits === undefined ? 0 : Number(digits)
}

/** By service, in the order in which the lab names them, then by number: places stay when values change. */
export function inOrder<T extends Placed> (containers: T[], services: string[]): T[] {
  return containers.map(container => placed(container, services)).sort((a, b) =>
    a.place - b.place || a.service.localeCompare(b.service) || a.number - b.number || a.name.localeCompare(b.name)
  ).map(({ container }) => container)
}

/** What it is sorted by, found out once for each and not once for each comparison. */
function placed<T extends Placed> (container: T, services: string[]) {
  const { service, name } = container
  const place = services.includes(service) ? services.indexOf(service) : services.length
  return { container, service, name, place, number: numberOf(name) }
}

/** `limits-lab-worker-2` of the project `limits-lab` is `worker-2` on a page about that project. */
export function shortName (name: string, project: string): string {
  return project !== '' && name.startsWith(`${project}-`) ? name.slice(project.length + 1) : name
}

/** One container, or the services that are switched on. */
export interface Selection {
  containerId: string | null
  hiddenServices: ReadonlySet<string>
}

export function isShown ({ id, service }: { id: string, service: string }, selection: Selection): boolean {
  const { containerId, hiddenServices } = selection
  return containerId === null ? !hiddenServices.has(service) : id === containerId
}
