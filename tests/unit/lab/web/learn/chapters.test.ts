import { expect, test } from '@jest/globals'
import { chapterAt, chapterOn, neighboursOf, type Chapter } from '#lab/web/learn/chapters.ts'

const chapter = (slug: string, ...experiments: string[]): Chapter =>
  ({ slug, number: Number(slug.slice(0, 2)), title: slug, minutes: 10, needs: [], sections: [], experiments })
const chapters = [
  chapter('01-a', 'memory-limit'),
  chapter('02-b'),
  chapter('03-c', 'memory-limit', 'cpu-limit'),
  chapter('04-d', 'cpu-limit', 'cpu-limit')
]

test('a chapter is found by the name of its file', () => {
  expect(chapterAt(chapters, '02-b')).toBe(chapters[1])
  expect(chapterAt(chapters, 'no-such')).toBeNull()
  expect(chapterAt(chapters, null)).toBeNull()
})

test('the first chapter has none before it, the last none after it, and an unknown one neither', () => {
  expect(neighboursOf(chapters, '01-a')).toEqual({ previous: null, next: chapters[1] })
  expect(neighboursOf(chapters, '04-d')).toEqual({ previous: chapters[2], next: null })
  expect(neighboursOf(chapters, 'no-such')).toEqual({ previous: null, next: null })
})

test('an experiment is explained by the chapter that runs it most often, and of several by the last', () => {
  expect(chapterOn(chapters, 'memory-limit')?.slug).toBe('03-c')
  expect(chapterOn(chapters, 'cpu-limit')?.slug).toBe('04-d')
  expect(chapterOn(chapters, 'pids-limit')).toBeNull()
})
