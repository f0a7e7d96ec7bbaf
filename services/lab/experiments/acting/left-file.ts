import { Markers, type Written } from '#shared/work/markers.ts'
import type { Stage } from './stage.ts'

export const writers = ['api', 'worker', 'lab'] as const
type Writer = typeof writers[number]

/** What came of leaving a file in one container, and who found it. */
export interface LeftFile { writer: Writer, written: Written[], foundBy: Writer[] }

/** Leaves it in one container, looks for it in all, and takes it away again. */
export async function leaveFile (id: string, writer: Writer, stage: Stage): Promise<LeftFile> {
  const home = fileIn(writer, id, stage)
  stage.atEnd(() => home.remove())
  const written = await home.put()
  stage.say(`${writer}: ${written.map(({ path, error }) => `${path.replace(/[^/]*$/, '…')} ${error ?? 'written'}`).join(', ')}`)
  const foundBy: Writer[] = []
  for (const seeker of writers) {
    if ((await fileIn(seeker, id, stage).find()).length > 0) foundBy.push(seeker)
  }
  await home.remove()
  return { writer, written, foundBy }
}

/** The same file in one of the containers. */
function fileIn (service: Writer, id: string, stage: Stage) {
  if (service === 'lab') {
    const markers = new Markers()
    return { put: async () => markers.put(id) ?? [], find: async () => markers.find(id), remove: async () => { markers.remove(id) } }
  }
  const path = `/work/marker/${id}`
  return {
    put: async () => (await stage.json<{ written: Written[] }>(service, path, { method: 'PUT' })).written,
    find: async () => (await stage.json<{ found: string[] }>(service, path)).found,
    remove: async () => { await stage.json(service, path, { method: 'DELETE' }) }
  }
}
