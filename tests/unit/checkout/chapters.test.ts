import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { readChapter } from '#scripts/tutorial/chapter.ts'
import { documents, isChapter } from '#scripts/tutorial/documents.ts'

const LAST = ['What the kernel counted', 'Break it, and put it back', 'Elsewhere', 'Sources']
const chapters = documents('.').filter(isChapter)

/** The links and pictures of a Markdown text that are files of this repository. */
function linksOf (text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!.replace(/#.*$/, ''))
    .filter(link => link !== '' && !/^[a-z]+:/.test(link))
}

function describeChapter (path: string): void {
  const text = readFileSync(path, 'utf8')
  const { chapter } = readChapter(path, text)

  test('says how long it takes, and is numbered as its file', () => {
    expect(chapter.meta?.minutes).toBeGreaterThanOrEqual(5)
    expect(chapter.meta?.minutes).toBeLessThanOrEqual(20)
    expect(chapter.title).toMatch(new RegExp(`^${Number(/\d\d/.exec(path)![0])}\\. `))
  })

  test('asks for a prediction, shows, and ends with what the kernel counted, what breaks it, elsewhere and sources', () => {
    const { headings } = chapter
    expect(headings[0]).toBe('Predict')
    expect(headings.filter(heading => LAST.includes(heading))).toEqual(LAST)
    expect(headings.indexOf(LAST[0]!)).toBeGreaterThan(1)
    expect(headings.at(-1)).toBe('Sources')
  })

  test('claims at least three things, and puts back what it changes', () => {
    const claims = chapter.parts.filter(({ kind }) => kind === 'claim')
    expect(claims.length).toBeGreaterThanOrEqual(3)
    const sentences = claims.map(part => part.kind === 'claim' ? part.sentence : '')
    expect(sentences.filter(sentence => !/^[A-Z0-9`].*[.?]$/.test(sentence))).toEqual([])
  })

  test('links to the next chapter, and to files that exist', () => {
    const next = chapters[chapters.indexOf(path) + 1]
    if (next !== undefined) expect(text.trimEnd().split('\n').at(-1)).toContain(`](${next.replace('tutorial/', '')})`)
    expect(linksOf(text).filter(link => !existsSync(join(dirname(path), link)))).toEqual([])
  })
}

for (const path of chapters) describe(path, () => describeChapter(path))

test('the chapters are numbered without a gap', () => {
  expect(chapters.map(path => Number(/\d\d/.exec(path)![0]))).toEqual(chapters.map((_path, i) => i + 1))
})
