/** Where the links of a chapter lead to in the page. Pure. */
import { posix } from 'node:path'

export type Target = { href: string } | { path: string }

/** Chapters are views of the page. Of other files of the repository, which it does not have, it shows the path. */
export function targetOf (href: string, slug: string): Target {
  if (/^[a-z]+:/i.test(href)) return { href }
  const [file = '', heading = ''] = href.split('#') as [string, string?]
  if (file === '') return { href: hashOf(slug, heading) }
  const path = posix.normalize(posix.join('tutorial', file))
  const chapter = /^tutorial\/(\d\d-[\w-]+)\.md$/.exec(path)?.[1]
  if (chapter !== undefined) return { href: hashOf(chapter, heading) }
  return path === 'tutorial/README.md' ? { href: '#learn' } : { path }
}

export function hashOf (slug: string, heading = ''): string {
  return `#${headingId(slug, heading)}`
}

/** The same as the address of the heading, so that a browser finds it by itself. */
export function headingId (slug: string, heading: string): string {
  return ['learn', slug, heading].filter(part => part !== '').join('/')
}

/** As the repository's web page makes the address of a heading. */
export function headingSlug (title: string): string {
  return title.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').trim().replaceAll(/\s/g, '-')
}
