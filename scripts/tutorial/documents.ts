import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The chapters in their order, then the other documents whose commands are run: paths from `root`. */
export function documents (root: string): string[] {
  return [
    ...markdownIn(root, 'tutorial').filter(path => isChapter(path)),
    'README.md',
    'CONTRIBUTING.md',
    ...markdownIn(root, 'tutorial').filter(path => !isChapter(path)),
    ...markdownIn(root, 'docs')
  ]
}

export function isChapter (path: string): boolean {
  return /^tutorial\/\d\d-[a-z0-9-]+\.md$/.test(path)
}

function markdownIn (root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder)).filter(name => name.endsWith('.md')).map(name => `${folder}/${name}`).toSorted()
}
