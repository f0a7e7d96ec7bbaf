import { Markers, type Written } from '#shared/work/markers.ts'
import type { Stage } from './stage.ts'

export const writers = ['api', 'worker', 'lab'] as const
type Writer = typeof writers[number]

/** A file that was left in one container: what came of writing it, and in which containers it was found. */
export interface LeftFile { writer: Writer, written: Written[], foundBy: Writer[] }

/** Leaves a file in one container, looks for it in all of them, and removes it. */
export async function leaveFile (id: string, writer: Writer, stage: Stage): Promise<LeftFile> {
  const home = fileIn(writer, id, stage)
  stage.atEnd(() => home.remove())
  const written = await home.put()
  const attempts = written.map(({ path, error }) => `${path.replace(/[^/]*$/, '…')} ${error ?? 'written'}`)
  stage.say(`${writer}: ${attempts.join(', ')}`)
  const foundBy: Writer[] = []
  for (const seeker of writers) {
    if ((await fileIn(seeker, id, stage).find()).length > 0) foundBy.push(seeker)
  }
  await home.remove()
  return { writer, written, foundBy }
}

/** The file of this id, as one of the containers sees it. */
function fileIn (service: Writer, id: string, stage: Stage) {
  if (service === 'lab') {
    const markers = new Markers()
    return {
      put: async () => markers.put(id) ?? [],
      find: async () => markers.find(id),
      remove: async () => { markers.remove(id) }
    }
  }
  const path = `/work/marker/${id}`
  return {
    put: async () => (await stage.json<{ written: Written[] }>(service, path, { method: 'PUT' })).written,
    find: async () => (await stage.json<{ found: string[] }>(service, path)).found,
    remove: async () => { await stage.json(service, path, { method: 'DELETE' }) }
  }
}
