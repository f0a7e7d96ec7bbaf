/**
 * Makes modules of the tutorial's chapters for the lab's page, when it is built: `chapter.md?contents` is what the page
 * knows of all chapters, `chapter.md` the text of one, which is loaded when somebody opens it. `README.md?sayings` is
 * what people say about containers, which the list of chapters shows.
 */
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Plugin } from 'vite'
import { renderChapter, renderSection, type Rendered } from './render.ts'
import type { Size } from './tokens.ts'

/** `folder`: the tutorial's, with an absolute path. The page finds it as `@tutorial`. */
export function tutorialPages (folder: string): Plugin {
  return {
    name: 'tutorial-pages',
    enforce: 'pre',
    config: () => ({ resolve: { alias: { '@tutorial': folder } } }),
    load: {
      filter: { id: /\.md(\?(contents|sayings))?$/ },
      handler (id) {
        const [path, query] = id.split('?') as [string, string?]
        if (dirname(path) !== folder) return null
        if (query === 'sayings') return { code: sayingsModule(path), moduleType: 'js' }
        const rendered = chapterIn(path)
        return { code: query === 'contents' ? contentsModule(rendered) : textModule(rendered, folder), moduleType: 'js' }
      }
    }
  }
}

function sayingsModule (path: string): string {
  return `export default ${JSON.stringify(renderSection(readFileSync(path, 'utf8'), 'What people say about containers'))}`
}

function chapterIn (path: string): Rendered {
  const sizeOf = (picture: string) => sizeIn(join(dirname(path), picture))
  try {
    return renderChapter(basename(path, '.md'), readFileSync(path, 'utf8'), sizeOf)
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`)
  }
}

function contentsModule ({ chapter }: Rendered): string {
  return `export default ${JSON.stringify(chapter)}`
}

/** Vite gives each picture a name by its content, and this module the address. */
function textModule ({ html, pictures }: Rendered, folder: string): string {
  const paths = [...new Set(pictures)]
  const imports = paths.map((path, i) => `import picture${i} from ${JSON.stringify(`${join(folder, path)}?url`)}`)
  const addressed = paths.reduce(
    (text, path, i) => text.replaceAll(JSON.stringify(`"picture:${path}"`).slice(1, -1), `\\"" + picture${i} + "\\"`),
    JSON.stringify(html))
  return [...imports, `export default ${addressed}`].join('\n')
}

/** From the view box, which has a shape at any size. */
function sizeIn (path: string): Size {
  const viewBox = /viewBox="[\d.-]+[\s,]+[\d.-]+[\s,]+([\d.]+)[\s,]+([\d.]+)"/
  const [, width, height] = viewBox.exec(readFileSync(path, 'utf8')) ?? []
  if (height === undefined) throw new Error(`${path} has no view box`)
  return { width: Number(width), height: Number(height) }
}
