/** What stands within lines of a chapter: links, pictures, comments. */
import type { Token } from 'markdown-it'
import { targetOf } from './links.ts'
import { commentIn, escaped, htmlToken, problemAt, type Size } from './tokens.ts'

/** Changes the tokens. `onPicture` is called for each picture. */
export function withInline (tokens: Token[], slug: string, onPicture: (path: string) => Size): void {
  for (const token of tokens) {
    if (token.type !== 'inline') continue
    for (const child of token.children!) {
      if (child.type === 'image') showPicture(child, token, onPicture)
      if (child.type === 'html_inline' && commentIn(child) === null) throw problemAt(token, `HTML: ${child.content}`)
    }
    token.children = withLinks(token.children!, slug).filter(child => commentIn(child) === null)
  }
}

function showPicture (image: Token, { map }: Token, onPicture: (path: string) => Size): void {
  const path = String(image.attrGet('src'))
  if (image.content === '') throw problemAt({ map }, `${path} has no text alternative`)
  const { width, height } = onPicture(path)
  image.attrSet('src', `picture:${path}`)
  image.attrSet('width', String(width))
  image.attrSet('height', String(height))
}

function withLinks (children: Token[], slug: string): Token[] {
  let path: string | null = null
  let text = ''
  return children.map(child => {
    if (child.type === 'link_open') {
      const target = targetOf(String(child.attrGet('href')), slug)
      if ('href' in target) {
        child.attrSet('href', target.href)
        if (/^https?:/.test(target.href)) child.attrSet('rel', 'noreferrer')
        return child
      }
      path = target.path
      text = ''
      return htmlToken('')
    }
    if (child.type === 'link_close' && path !== null) {
      const isSaid = path.endsWith(text)
      const shown = isSaid ? '' : ` (<code>${escaped(path)}</code>)`
      path = null
      return htmlToken(shown)
    }
    text += child.content
    return child
  })
}
