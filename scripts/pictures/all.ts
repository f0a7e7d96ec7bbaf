import { cfsPeriod } from './cfs-period.ts'
import { memoryPartsPicture } from './memory-parts.ts'
import { openClosedLoop } from './open-closed-loop.ts'
import { surroundings } from './surroundings.ts'

/** Every picture of the tutorial, by the name of its file. */
export const pictures: Record<string, () => string> = {
  'cfs-period': cfsPeriod,
  'memory-parts': memoryPartsPicture,
  'open-closed-loop': openClosedLoop,
  surroundings
}

export const IMAGES = 'tutorial/images'
