/** The headings of a chapter, one level lower than in its file, because the page has a title of its own. */
import type { Token } from 'markdown-it'
import { headingId, headingSlug } from './links.ts'
import { problemAt } from './tokens.ts'

export interface Headings { number: number, title: string, sections: Array<{ id: string, title: string }> }

/** Changes the tokens. `# 6. Too much memory` is the number and the title; `## …` are the sections. */
export function withHeadings (tokens: Token[], slug: string): Headings {
  let top: Omit<Headings, 'sections'> | null = null
  const sections: Headings['sections'] = []
  const used = new Map<string, number>()
  for (const [i, token] of tokens.entries()) {
    if (token.type === 'heading_open') {
      const title = plainText(tokens[i + 1]!)
      if (token.tag === 'h1') top = topOf(title, token)
      else {
        const id = uniqueIn(used, headingSlug(title))
        token.attrSet('id', headingId(slug, id))
        if (token.tag === 'h2') sections.push({ id, title })
      }
    }
  }
  withLowerHeadings(tokens)
  if (top === null) throw new Error('there is no title')
  return { ...top, sections }
}

export function withLowerHeadings (tokens: Token[]): void {
  for (const token of tokens) {
    if (token.type.startsWith('heading_')) token.tag = `h${Number(token.tag.slice(1)) + 1}`
  }
}

function topOf (text: string, token: Token): { number: number, title: string } {
  const [, number, title] = /^(\d+)\. (.+)$/.exec(text) ?? []
  if (title === undefined) throw problemAt(token, `a title is a number and words, and this is “${text}”`)
  return { number: Number(number), title }
}

function uniqueIn (used: Map<string, number>, slug: string): string {
  const count = used.get(slug) ?? 0
  used.set(slug, count + 1)
  return count === 0 ? slug : `${slug}-${count}`
}

function plainText ({ children }: Token): string {
  return (children ?? []).map(({ type, content }) => type === 'softbreak' ? ' ' : content).join('')
}
