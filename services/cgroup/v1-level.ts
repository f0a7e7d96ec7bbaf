import { join } from 'node:path'
import { ancestorsOf, Directory } from './directory.ts'
import type { OnFault } from './fault.ts'
import { controllers, type Controller, type ControllerDirectories } from './mounts.ts'

/** The directories of one cgroup, one per controller that has it. */
export type Level = Partial<Record<Controller, Directory>>

/** The cgroup's own level comes first, then the levels above, as far up as each controller's mount shows. */
export function levelsOf (places: ControllerDirectories, onFault: OnFault): Level[] {
  const levels: Level[] = []
  for (const controller of controllers) {
    const place = places[controller]
    if (place === undefined) continue
    for (const [height, path] of [place.path, ...ancestorsOf(place.path)].entries()) {
      levels[height] ??= {}
      levels[height][controller] = new Directory(join(place.mount, path), onFault)
    }
  }
  return levels
}
