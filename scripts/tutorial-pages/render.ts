/** A chapter of the tutorial as a part of the lab's page: the same text, without what only maintainers read. Pure. */
import MarkdownIt, { type Token } from 'markdown-it'
import { parse } from 'yaml'
import { experimentsIn, withBlocks, withoutCaptions } from './blocks.ts'
import { withHeadings, withLowerHeadings } from './headings.ts'
import { withInline } from './inline.ts'
import { commentIn, htmlToken, liveHtml, problemAt, type Size } from './tokens.ts'

export interface Rendered {
  /** What the page knows of all chapters: its type there is `Chapter`. */
  chapter: {
    slug: string
    number: number
    title: string
    minutes: number
    needs: string[]
    sections: Array<{ id: string, title: string }>
    experiments: string[]
  }
  html: string
  /** The pictures that it shows: in its HTML the address of each is `picture:` and this path. */
  pictures: string[]
}

const markdown = new MarkdownIt({ html: true })
markdown.renderer.rules.html_block = (tokens, i) => tokens[i]!.content
markdown.renderer.rules.html_inline = (tokens, i) => tokens[i]!.content
markdown.renderer.rules.table_open = () => '<div class="table"><table>\n'
markdown.renderer.rules.table_close = () => '</table></div>\n'
markdown.renderer.rules.th_open = () => '<th scope="col">'

/** `sizeOf`: of a picture, so that its place is kept before it is loaded. @throws Error with the line */
export function renderChapter (slug: string, text: string, sizeOf: (path: string) => Size): Rendered {
  const all = markdown.parse(text, {})
  const { minutes, needs } = propertiesIn(all)
  const pictures: string[] = []
  const shown = withoutCaptions(withoutNext(withoutComments(all)))
  withInline(shown, slug, path => {
    pictures.push(path)
    return sizeOf(path)
  })
  const { number, title, sections } = withHeadings(shown, slug)
  const html = markdown.renderer.render(withBlocks(shown), markdown.options, {})
  const chapter = { slug, number, title, minutes, needs, sections, experiments: experimentsIn(shown) }
  return { chapter, html, pictures }
}

/** One section of a document that is no chapter, such as that of the sayings. @throws Error if there is none */
export function renderSection (text: string, title: string): string {
  const all = markdown.parse(text, {})
  const start = all.findIndex((token, i) => token.type === 'heading_open' && all[i + 1]!.content === title)
  if (start < 0) throw new Error(`there is no section “${title}”`)
  const end = all.findIndex((token, i) => i > start && token.type === 'heading_open' && token.tag === all[start]!.tag)
  const shown = withoutComments(all.slice(start, end < 0 ? undefined : end))
  withInline(shown, '', path => { throw new Error(`a picture in a section: ${path}`) })
  withLowerHeadings(shown)
  return markdown.renderer.render(shown, markdown.options, {})
}

/** The comment `chapter` at the top, which is YAML. */
function propertiesIn (tokens: Token[]): { minutes: number, needs: string[] } {
  const comment = tokens.map(token => commentIn(token)).find(comment => comment?.name === 'chapter')
  const { minutes, needs } = (parse(comment?.text ?? '') ?? {}) as { minutes?: unknown, needs?: unknown }
  if (typeof minutes !== 'number') throw new Error('the comment `chapter` with its minutes is missing')
  return { minutes, needs: Array.isArray(needs) ? needs.map(String) : [] }
}

/** What is left of the comments are the places of live parts. */
function withoutComments (tokens: Token[]): Token[] {
  return tokens.flatMap(token => {
    if (token.type !== 'html_block') return [token]
    const comment = commentIn(token)
    if (comment === null && !isFolding(token)) throw problemAt(token, 'HTML other than <details>')
    if (comment === null) return [token]
    return comment.name === 'card' || comment.name === 'chart' ? [htmlToken(liveHtml(comment, token))] : []
  })
}

function isFolding ({ content }: Token): boolean {
  return /^(<\/?(details|summary)>|[^<])*$/.test(content)
}

/** The page has its own links to the chapters before and after. */
function withoutNext (tokens: Token[]): Token[] {
  const isNext = tokens.at(-2)?.type === 'inline' && /^\*{0,2}Next:/.test(tokens.at(-2)!.content)
  return isNext ? tokens.slice(0, -3) : tokens
}
