/** The chapters, as the build has made them of `tutorial/`: what they are at once, a text when it is opened. */
import type { Chapter } from './chapters.ts'

const contents = import.meta.glob<Chapter>(
  '@tutorial/[0-9]*.md', { query: '?contents', import: 'default', eager: true }
)
const texts = import.meta.glob<string>('@tutorial/[0-9]*.md', { import: 'default' })

const sayings = import.meta.glob<string>('@tutorial/README.md', { query: '?sayings', import: 'default' })

export const chapters = Object.values(contents).sort((a, b) => a.number - b.number)

/** The HTML of a chapter; `null`: it cannot be loaded, as the lab does not answer or is another one than before. */
export async function loadText (slug: string): Promise<string | null> {
  return loaded(Object.entries(texts).find(([path]) => path.endsWith(`/${slug}.md`))?.[1])
}

/** The HTML of what people say about containers; `null` as above. */
export async function loadSayings (): Promise<string | null> {
  return loaded(Object.values(sayings)[0])
}

async function loaded (load: (() => Promise<string>) | undefined): Promise<string | null> {
  try { return await load?.() ?? null } catch { return null }
}
